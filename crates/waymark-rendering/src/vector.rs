//! A finished drawing (SVG without text or images) as vector graphics in a PDF.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Transform};
use krilla::mask::{Mask, MaskType};
use krilla::num::NormalizedF32;
use krilla::paint::{
    Fill, FillRule, LineCap, LineJoin, LinearGradient, Paint, RadialGradient, SpreadMethod, Stop, Stroke, StrokeDash,
};
use krilla::surface::Surface;
use resvg::tiny_skia::{PathSegment, Transform as SvgTransform};
use resvg::usvg::{self, Group, Node, Tree};

use crate::picture;

/// Reads the drawing; nothing is loaded from anywhere.
pub(crate) fn parse(svg: &str) -> Result<Tree, String> {
    picture::tree(svg).map_err(|e| e.to_string())
}

/// Draws it into a square: centred where it is not square itself.
pub(crate) fn draw(tree: &Tree, surface: &mut Surface<'_>, x: f32, y: f32, side: f32) {
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = side / width.max(height);
    let (x, y) = (x + (side - width * scale) / 2.0, y + (side - height * scale) / 2.0);
    surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x, y));
    group(tree.root(), surface);
    surface.pop();
}

fn group(group: &Group, surface: &mut Surface<'_>) {
    let mut pushed = 1;
    surface.push_transform(&transform(group.transform()));
    let mut clip = group.clip_path();
    while let Some(with) = clip {
        let mut path = PathBuilder::new();
        let rule = outlines(with.root(), with.transform(), &mut path);
        // A clip without area hides everything.
        let Some(path) = path.finish() else {
            (0..pushed).for_each(|_| surface.pop());
            return;
        };
        surface.push_clip_path(&path, &rule);
        pushed += 1;
        clip = with.clip_path();
    }
    let mut mask = group.mask();
    while let Some(with) = mask {
        let stream = {
            let mut builder = surface.stream_builder();
            let mut inside = builder.surface();
            self::group(with.root(), &mut inside);
            inside.finish();
            builder.finish()
        };
        let kind = match with.kind() {
            usvg::MaskType::Luminance => MaskType::Luminosity,
            usvg::MaskType::Alpha => MaskType::Alpha,
        };
        surface.push_mask(Mask::new(stream, kind));
        pushed += 1;
        mask = with.mask();
    }
    if group.opacity().get() < 1.0 {
        surface.push_opacity(normal(group.opacity().get()));
        pushed += 1;
    }
    for node in group.children() {
        match node {
            Node::Group(inner) => self::group(inner, surface),
            Node::Path(path) => shape(path, surface),
            // Admitted drawings hold neither: text is outlines, pictures are refused.
            Node::Image(_) | Node::Text(_) => {}
        }
    }
    (0..pushed).for_each(|_| surface.pop());
}

/// The outlines of all shapes in a clip, and by which rule they fill.
fn outlines(group: &Group, around: SvgTransform, out: &mut PathBuilder) -> FillRule {
    let mut rule = FillRule::NonZero;
    for node in group.children() {
        match node {
            Node::Group(inner) => rule = outlines(inner, around.pre_concat(inner.transform()), out),
            Node::Path(path) => {
                if let Some(data) = path.data().clone().transform(around) {
                    add(&data, out);
                }
                if path.fill().is_some_and(|fill| fill.rule() == usvg::FillRule::EvenOdd) {
                    rule = FillRule::EvenOdd;
                }
            }
            Node::Image(_) | Node::Text(_) => {}
        }
    }
    rule
}

fn shape(path: &usvg::Path, surface: &mut Surface<'_>) {
    let Some(data) = outline(path.data()).filter(|_| path.is_visible()) else { return };
    surface.set_fill(path.fill().and_then(|fill| {
        let rule = match fill.rule() {
            usvg::FillRule::NonZero => FillRule::NonZero,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        };
        Some(Fill { paint: paint(fill.paint())?, opacity: normal(fill.opacity().get()), rule })
    }));
    surface.set_stroke(path.stroke().and_then(stroke));
    // Without either, the surface would fill with black.
    if surface.get_fill().is_some() || surface.get_stroke().is_some() {
        surface.draw_path(&data);
    }
}

fn stroke(stroke: &usvg::Stroke) -> Option<Stroke> {
    Some(Stroke {
        paint: paint(stroke.paint())?,
        width: stroke.width().get(),
        miter_limit: stroke.miterlimit().get(),
        line_cap: match stroke.linecap() {
            usvg::LineCap::Butt => LineCap::Butt,
            usvg::LineCap::Round => LineCap::Round,
            usvg::LineCap::Square => LineCap::Square,
        },
        line_join: match stroke.linejoin() {
            usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
            usvg::LineJoin::Round => LineJoin::Round,
            usvg::LineJoin::Bevel => LineJoin::Bevel,
        },
        opacity: normal(stroke.opacity().get()),
        dash: stroke.dasharray().map(|array| StrokeDash { array: array.to_vec(), offset: stroke.dashoffset() }),
    })
}

/// None for a pattern, which no admitted drawing has.
fn paint(paint: &usvg::Paint) -> Option<Paint> {
    Some(match paint {
        usvg::Paint::Color(colour) => rgb::Color::new(colour.red, colour.green, colour.blue).into(),
        usvg::Paint::LinearGradient(g) => LinearGradient {
            x1: g.x1(),
            y1: g.y1(),
            x2: g.x2(),
            y2: g.y2(),
            transform: transform(g.transform()),
            spread_method: spread(g.spread_method()),
            stops: stops(g.stops()),
            anti_alias: false,
        }
        .into(),
        usvg::Paint::RadialGradient(g) => RadialGradient {
            fx: g.fx(),
            fy: g.fy(),
            fr: g.fr().get(),
            cx: g.cx(),
            cy: g.cy(),
            cr: g.r().get(),
            transform: transform(g.transform()),
            spread_method: spread(g.spread_method()),
            stops: stops(g.stops()),
            anti_alias: false,
        }
        .into(),
        usvg::Paint::Pattern(_) => return None,
    })
}

fn stops(stops: &[usvg::Stop]) -> Vec<Stop> {
    let stop = |stop: &usvg::Stop| Stop {
        offset: normal(stop.offset().get()),
        color: rgb::Color::new(stop.color().red, stop.color().green, stop.color().blue).into(),
        opacity: normal(stop.opacity().get()),
    };
    stops.iter().map(stop).collect()
}

fn spread(method: usvg::SpreadMethod) -> SpreadMethod {
    match method {
        usvg::SpreadMethod::Pad => SpreadMethod::Pad,
        usvg::SpreadMethod::Reflect => SpreadMethod::Reflect,
        usvg::SpreadMethod::Repeat => SpreadMethod::Repeat,
    }
}

fn transform(t: SvgTransform) -> Transform {
    Transform::from_row(t.sx, t.ky, t.kx, t.sy, t.tx, t.ty)
}

fn normal(share: f32) -> NormalizedF32 {
    NormalizedF32::new(share).unwrap_or(NormalizedF32::ONE)
}

fn outline(path: &resvg::tiny_skia::Path) -> Option<Path> {
    let mut out = PathBuilder::new();
    add(path, &mut out);
    out.finish()
}

fn add(path: &resvg::tiny_skia::Path, out: &mut PathBuilder) {
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => out.move_to(p.x, p.y),
            PathSegment::LineTo(p) => out.line_to(p.x, p.y),
            PathSegment::QuadTo(a, p) => out.quad_to(a.x, a.y, p.x, p.y),
            PathSegment::CubicTo(a, b, p) => out.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y),
            PathSegment::Close => out.close(),
        }
    }
}
