//! The world of a run on a terminal: its output shows distributions as a person reads them.

use std::io;
use std::time::Duration;

use emulator::{Cancel, Host, Stream, SystemHost};

use crate::render::Renderer;

/// The real world, with Ux texts on standard output rendered.
pub(crate) struct TerminalHost {
    system: SystemHost,
    renderer: Renderer,
}

impl TerminalHost {
    pub(crate) fn new(system: SystemHost) -> Self {
        TerminalHost {
            system,
            renderer: Renderer::default(),
        }
    }

    /// Prints what might have been the beginning of a Ux text and was not.
    fn flush(&mut self) -> io::Result<()> {
        let rest = self.renderer.finish();
        if rest.is_empty() {
            Ok(())
        } else {
            self.system.write(Stream::Output, &rest)
        }
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
        match stream {
            Stream::Output => {
                let rendered = self.renderer.render(bytes);
                self.system.write(stream, &rendered)
            }
            Stream::Error => self.system.write(stream, bytes),
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
