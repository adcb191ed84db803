//! Noto Sans, which comes with the program: pictures look the same on a machine without fonts.

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// The font, in one weight.
pub(crate) struct Font(Option<Face<'static>>);

impl Font {
    pub(crate) fn new(bold: bool) -> Font {
        let bytes = if bold {
            notosans::BOLD_TTF
        } else {
            notosans::REGULAR_TTF
        };
        Font(Face::parse(bytes, 0).ok())
    }

    /// How wide a line of text is.
    pub(crate) fn width(&self, text: &str, size: f64) -> f64 {
        let Some(face) = &self.0 else { return 0.0 };
        let units: f64 = text.chars().map(|c| Shape::of(face, c).advance(face)).sum();
        units * size / f64::from(face.units_per_em())
    }

    /// Draws the outlines of a line of text whose baseline starts at `at`.
    pub(crate) fn outline(&self, text: &str, size: f64, at: (f64, f64), pen: &mut dyn Pen) {
        let Some(face) = &self.0 else { return };
        let scale = size / f64::from(face.units_per_em());
        let mut x = at.0;
        for c in text.chars() {
            let shape = Shape::of(face, c);
            let placed = &mut Placed {
                pen,
                x,
                y: at.1 - shape.rise * size,
                scale: scale * shape.scale,
            };
            face.outline_glyph(shape.glyph, placed);
            x += shape.advance(face) * scale;
        }
    }
}

/// What draws outlines, in the coordinates of the picture.
pub(crate) trait Pen {
    fn move_to(&mut self, x: f32, y: f32);
    fn line_to(&mut self, x: f32, y: f32);
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32);
    fn cubic_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32);
    fn close(&mut self);
}

/// How a character is drawn.
struct Shape {
    glyph: GlyphId,
    scale: f64,
    /// How far above the baseline, in sizes.
    rise: f64,
}

impl Shape {
    /// The font's replacement glyph for what it does not have, but for the raised minus, which it can make up.
    fn of(face: &Face, c: char) -> Shape {
        let whole = |glyph| Shape {
            glyph,
            scale: 1.0,
            rise: 0.0,
        };
        match (face.glyph_index(c), c) {
            (Some(glyph), _) => whole(glyph),
            (None, '⁻') => Shape {
                glyph: face.glyph_index('−').unwrap_or_default(),
                scale: 0.6,
                rise: 0.36,
            },
            (None, _) => whole(GlyphId(0)),
        }
    }

    fn advance(&self, face: &Face) -> f64 {
        f64::from(face.glyph_hor_advance(self.glyph).unwrap_or(0)) * self.scale
    }
}

/// Moves a glyph from the font's units, y upwards, to its place.
struct Placed<'a> {
    pen: &'a mut dyn Pen,
    x: f64,
    y: f64,
    scale: f64,
}

impl Placed<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (
            (self.x + f64::from(x) * self.scale) as f32,
            (self.y - f64::from(y) * self.scale) as f32,
        )
    }
}

impl OutlineBuilder for Placed<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.pen.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.pen.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.pen.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.pen.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.pen.close();
    }
}
