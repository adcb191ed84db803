//! What a picture consists of, before it is written as SVG or painted as PNG.

/// A picture: its size in units that are pixels at a scale of 1, y downwards, and its marks from back to front.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// What it shows, in words: for readers that do not see it.
    pub(crate) title: String,
    pub(crate) marks: Vec<Mark>,
}

#[derive(Clone, Debug)]
pub(crate) enum Mark {
    Path(Path),
    Text(Text),
}

/// Straight lines from point to point.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) points: Vec<(f64, f64)>,
    pub(crate) closed: bool,
    /// Ink and opacity.
    pub(crate) fill: Option<(Ink, f64)>,
    /// Ink and width.
    pub(crate) stroke: Option<(Ink, f64)>,
}

/// One line of text.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Where the anchor of the baseline stands.
    pub(crate) at: (f64, f64),
    pub(crate) size: f64,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
    pub(crate) ink: Ink,
    pub(crate) content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A role; the theme knows the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Quiet,
    Grid,
    Series(usize),
}

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

/// What a picture is to stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// No background, and colours of middle brightness that can be read on a white page and on a dark one.
    #[default]
    Neutral,
    /// Dark on white.
    Light,
    /// Light on near black.
    Dark,
}

/// Hues that people with any kind of colour vision tell apart in this order, of middle brightness: contrast of at least 3:1 to
/// white and to near black.
const SERIES: [Rgb; 8] = [
    [0x2f, 0x7e, 0xc7],
    [0xd0, 0x6a, 0x1c],
    [0x1f, 0x93, 0x6e],
    [0xb8, 0x55, 0xa6],
    [0x9a, 0x7d, 0x14],
    [0x6b, 0x6f, 0xd8],
    [0xc9, 0x4f, 0x5d],
    [0x4d, 0x8f, 0x97],
];

impl Theme {
    pub(crate) fn background(self) -> Option<Rgb> {
        match self {
            Theme::Neutral => None,
            Theme::Light => Some([0xff, 0xff, 0xff]),
            Theme::Dark => Some([0x14, 0x17, 0x1c]),
        }
    }

    pub(crate) fn color(self, ink: Ink) -> Rgb {
        match (ink, self) {
            (Ink::Series(i), _) => SERIES[i % SERIES.len()],
            (Ink::Text, Theme::Neutral) => [0x75, 0x7d, 0x87],
            (Ink::Text, Theme::Light) => [0x24, 0x29, 0x2f],
            (Ink::Text, Theme::Dark) => [0xe2, 0xe6, 0xea],
            (Ink::Quiet, Theme::Neutral) => [0x7d, 0x85, 0x8f],
            (Ink::Quiet, Theme::Light) => [0x5f, 0x68, 0x73],
            (Ink::Quiet, Theme::Dark) => [0xa0, 0xa8, 0xb2],
            (Ink::Grid, Theme::Neutral) => [0x8c, 0x94, 0x9e],
            (Ink::Grid, Theme::Light) => [0xb8, 0xbf, 0xc8],
            (Ink::Grid, Theme::Dark) => [0x4a, 0x52, 0x5c],
        }
    }
}

impl Scene {
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink, width: f64) {
        self.marks.push(Mark::Path(Path {
            points: vec![from, to],
            closed: false,
            fill: None,
            stroke: Some((ink, width)),
        }));
    }

    pub(crate) fn area(&mut self, points: Vec<(f64, f64)>, ink: Ink, opacity: f64) {
        self.marks.push(Mark::Path(Path {
            points,
            closed: true,
            fill: Some((ink, opacity)),
            stroke: None,
        }));
    }

    pub(crate) fn outline(&mut self, points: Vec<(f64, f64)>, ink: Ink, width: f64) {
        self.marks.push(Mark::Path(Path {
            points,
            closed: false,
            fill: None,
            stroke: Some((ink, width)),
        }));
    }

    pub(crate) fn text(&mut self, at: (f64, f64), anchor: Anchor, ink: Ink, content: impl Into<String>) {
        self.write(Text {
            at,
            size: TEXT_SIZE,
            anchor,
            bold: false,
            ink,
            content: content.into(),
        });
    }

    pub(crate) fn write(&mut self, text: Text) {
        self.marks.push(Mark::Text(text));
    }
}

/// The size of ordinary text.
pub(crate) const TEXT_SIZE: f64 = 13.0;
