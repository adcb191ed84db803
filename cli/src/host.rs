//! The world of a run on a terminal: its output shows distributions as a person reads them.

use std::io::{self, IsTerminal};
use std::time::Duration;

use emulator::{Cancel, Host, Stream, SystemHost};

use crate::render::Renderer;

/// The real world, with Ux texts rendered on those of its output streams that are terminals.
pub(crate) struct TerminalHost {
    system: SystemHost,
    output: Option<Renderer>,
    error: Option<Renderer>,
}

impl TerminalHost {
    /// None if neither stream is a terminal.
    pub(crate) fn new(system: SystemHost) -> Result<TerminalHost, SystemHost> {
        let renderer = |is_terminal: bool| is_terminal.then(Renderer::default);
        let (output, error) = (
            renderer(io::stdout().is_terminal()),
            renderer(io::stderr().is_terminal()),
        );
        if output.is_none() && error.is_none() {
            return Err(system);
        }
        Ok(TerminalHost { system, output, error })
    }

    /// Prints what might have been the beginning of a Ux text and was not.
    fn flush(&mut self) -> io::Result<()> {
        for (stream, renderer) in [(Stream::Output, &mut self.output), (Stream::Error, &mut self.error)] {
            let rest = renderer.as_mut().map(Renderer::finish).unwrap_or_default();
            if !rest.is_empty() {
                self.system.write(stream, &rest)?;
            }
        }
        Ok(())
    }
}

impl Drop for TerminalHost {
    fn drop(&mut self) {
        // The terminal is gone: there is nobody to tell.
        let _ = self.flush();
    }
}

impl Host for TerminalHost {
    fn attach(&mut self, cancel: &Cancel) {
        self.system.attach(cancel);
    }

    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.flush()?;
        self.system.read_input(buffer)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let renderer = match stream {
            Stream::Output => &mut self.output,
            Stream::Error => &mut self.error,
        };
        match renderer {
            Some(renderer) => {
                let rendered = renderer.render(bytes);
                self.system.write(stream, &rendered)
            }
            None => self.system.write(stream, bytes),
        }
    }

    fn is_terminal(&self, stream: Option<Stream>) -> bool {
        self.system.is_terminal(stream)
    }

    fn realtime(&self) -> Duration {
        self.system.realtime()
    }

    fn monotonic(&self) -> Duration {
        self.system.monotonic()
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        self.system.fill_random(bytes);
    }

    fn sleep(&mut self, duration: Duration) {
        self.system.sleep(duration);
    }

    fn diagnose(&mut self, message: &str) {
        self.system.diagnose(message);
    }
}
