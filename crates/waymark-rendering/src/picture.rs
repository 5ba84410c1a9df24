//! A filled template, and how it becomes pixels.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// A finished badge. Made by [`crate::Template::fill`] alone, so that only admitted drawings are ever rendered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Picture {
    /// Needs no font, loads nothing, runs nothing. Values are escaped.
    pub svg: String,
    /// Characters no font has, drawn as 〓. Whoever issues should refuse or ask for another font.
    pub missing: Vec<char>,
    /// Slots whose text did not fit at the smallest size and was cut with `…`.
    pub shortened: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    #[error("a badge is {min} to {max} pixels wide, not {0}", min = Picture::MIN_SIZE, max = Picture::MAX_SIZE)]
    Size(u32),
    #[error("the drawing cannot be rendered: {0}")]
    Drawing(String),
}

impl Picture {
    pub const MIN_SIZE: u32 = 16;
    pub const MAX_SIZE: u32 = 1024;

    /// The picture as a square PNG of `size` pixels, RGBA, transparent ground, without metadata; a drawing that is not
    /// square stands in the middle. The same picture and size give the same bytes.
    pub fn png(&self, size: u32) -> Result<Vec<u8>, DrawError> {
        if !(Self::MIN_SIZE..=Self::MAX_SIZE).contains(&size) {
            return Err(DrawError::Size(size));
        }
        let tree = tree(&self.svg)?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let scale = size as f32 / width.max(height);
        let centred = Transform::from_scale(scale, scale)
            .post_translate((size as f32 - width * scale) / 2.0, (size as f32 - height * scale) / 2.0);
        let mut pixels = Pixmap::new(size, size).ok_or(DrawError::Size(size))?;
        resvg::render(&tree, centred, &mut pixels.as_mut());
        pixels.encode_png().map_err(|e| DrawError::Drawing(e.to_string()))
    }
}

/// Reads a drawing that this crate wrote. Whatever it names is not loaded.
pub(crate) fn tree(svg: &str) -> Result<Tree, DrawError> {
    let nothing =
        || ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: nothing(), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|e| DrawError::Drawing(e.to_string()))
}
