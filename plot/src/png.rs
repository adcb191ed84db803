//! A scene as PNG.

use tiny_skia::{FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Stroke, Transform};

use crate::font::{Font, Pen};
use crate::scene::{Anchor, Mark, Path, Rgb, Scene, Text, Theme};

/// Why there is no PNG.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The picture has no pixels, or more than can be allocated.
    #[error("a picture of {0} by {1} pixels cannot be made")]
    Size(u32, u32),
    /// It could not be encoded.
    #[error("the PNG cannot be written: {0}")]
    Encoding(String),
}

/// Paints a scene, `scale` pixels a unit.
pub(crate) fn write(scene: &Scene, theme: Theme, scale: f64) -> Result<Vec<u8>, PngError> {
    let (width, height) = (
        (scene.width * scale).round() as u32,
        (scene.height * scale).round() as u32,
    );
    let mut canvas = Canvas {
        pixels: Pixmap::new(width, height).ok_or(PngError::Size(width, height))?,
        transform: Transform::from_scale(scale as f32, scale as f32),
        regular: Font::new(false),
        bold: Font::new(true),
        theme,
    };
    if let Some([red, green, blue]) = theme.background() {
        canvas.pixels.fill(tiny_skia::Color::from_rgba8(red, green, blue, 255));
    }
    for mark in &scene.marks {
        match mark {
            Mark::Path(path) => canvas.path(path),
            Mark::Text(text) => canvas.text(text),
        }
    }
    canvas
        .pixels
        .encode_png()
        .map_err(|error| PngError::Encoding(error.to_string()))
}

struct Canvas {
    pixels: Pixmap,
    transform: Transform,
    regular: Font,
    bold: Font,
    theme: Theme,
}

impl Canvas {
    fn path(&mut self, path: &Path) {
        let mut builder = PathBuilder::new();
        for (i, &(x, y)) in path.points.iter().enumerate() {
            match i {
                0 => builder.move_to(x as f32, y as f32),
                _ => builder.line_to(x as f32, y as f32),
            }
        }
        if path.closed {
            builder.close();
        }
        // A path without extent draws nothing.
        let Some(outline) = builder.finish() else { return };
        if let Some((ink, opacity)) = path.fill {
            let paint = paint(self.theme.color(ink), opacity);
            self.pixels
                .fill_path(&outline, &paint, FillRule::Winding, self.transform, None);
        }
        if let Some((ink, width)) = path.stroke {
            let stroke = Stroke {
                width: width as f32,
                line_cap: LineCap::Butt,
                line_join: LineJoin::Miter,
                ..Stroke::default()
            };
            let paint = paint(self.theme.color(ink), 1.0);
            self.pixels.stroke_path(&outline, &paint, &stroke, self.transform, None);
        }
    }

    fn text(&mut self, text: &Text) {
        let font = if text.bold { &self.bold } else { &self.regular };
        let width = font.width(&text.content, text.size);
        let x = match text.anchor {
            Anchor::Start => text.at.0,
            Anchor::Middle => text.at.0 - width / 2.0,
            Anchor::End => text.at.0 - width,
        };
        let mut builder = PathBuilder::new();
        font.outline(&text.content, text.size, (x, text.at.1), &mut builder);
        if let Some(outline) = builder.finish() {
            let paint = paint(self.theme.color(text.ink), 1.0);
            self.pixels
                .fill_path(&outline, &paint, FillRule::Winding, self.transform, None);
        }
    }
}

impl Pen for PathBuilder {
    fn move_to(&mut self, x: f32, y: f32) {
        PathBuilder::move_to(self, x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        PathBuilder::line_to(self, x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        PathBuilder::quad_to(self, x1, y1, x, y);
    }

    fn cubic_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        PathBuilder::cubic_to(self, x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        PathBuilder::close(self);
    }
}

fn paint([red, green, blue]: Rgb, opacity: f64) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, (opacity * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}
