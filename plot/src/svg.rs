//! A scene as SVG. Text stays text: it can be searched, read aloud and restyled.

use std::fmt::Write as _;

use crate::scene::{Anchor, Mark, Path, Rgb, Scene, Text, Theme};

/// The fonts asked for; the first is the one that sizes were computed with.
const FONTS: &str = "Noto Sans, Helvetica Neue, Arial, sans-serif";

pub(crate) fn write(scene: &Scene, theme: Theme) -> String {
    let (width, height) = (short(scene.width), short(scene.height));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{FONTS}\" role=\"img\">\n<title>{}</title>\n",
        escape(&scene.title)
    );
    if let Some(background) = theme.background() {
        let _ = writeln!(
            svg,
            "<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
            hex(background)
        );
    }
    for mark in &scene.marks {
        match mark {
            Mark::Path(path) => write_path(&mut svg, path, theme),
            Mark::Text(text) => write_text(&mut svg, text, theme),
        }
    }
    svg.push_str("</svg>\n");
    svg
}

// Writing to a String cannot fail.

fn write_path(svg: &mut String, path: &Path, theme: Theme) {
    let mut data = String::new();
    let mut last = (String::new(), String::new());
    for (i, &(x, y)) in path.points.iter().enumerate() {
        let (x, y) = (short(x), short(y));
        // Bars have only horizontal and vertical lines.
        let _ = match (i, x == last.0, y == last.1) {
            (0, ..) => write!(data, "M{x} {y}"),
            (_, true, true) => Ok(()),
            (_, true, false) => write!(data, "V{y}"),
            (_, false, true) => write!(data, "H{x}"),
            _ => write!(data, "L{x} {y}"),
        };
        last = (x, y);
    }
    if path.closed {
        data.push('Z');
    }
    let _ = write!(svg, "<path d=\"{data}\"");
    match path.fill {
        None => svg.push_str(" fill=\"none\""),
        Some((ink, opacity)) => {
            let _ = write!(svg, " fill=\"{}\"", hex(theme.color(ink)));
            if opacity < 1.0 {
                let _ = write!(svg, " fill-opacity=\"{}\"", short(opacity));
            }
        }
    }
    if let Some((ink, width)) = path.stroke {
        let _ = write!(
            svg,
            " stroke=\"{}\" stroke-width=\"{}\"",
            hex(theme.color(ink)),
            short(width)
        );
    }
    svg.push_str("/>\n");
}

fn write_text(svg: &mut String, text: &Text, theme: Theme) {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let weight = if text.bold { " font-weight=\"bold\"" } else { "" };
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight}>{}</text>",
        short(text.at.0),
        short(text.at.1),
        short(text.size),
        hex(theme.color(text.ink)),
        escape(&text.content)
    );
}

/// A coordinate with at most two decimals.
fn short(x: f64) -> String {
    let text = format!("{x:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text for XML, which has no way to hold most control characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
