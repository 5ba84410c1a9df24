//! Where files are read: at the workbench, a few at a time, while requests go on being answered.

use super::finding::Finding;
use super::table::Table;
use super::text::Encoding;
use crate::app::App;
use crate::error::Result;

/// Whoever has it does not keep a thread that answers requests: outside of tests, only [`apart`] hands it out.
#[derive(Debug)]
pub struct Apart(());

#[cfg(test)]
impl Apart {
    pub fn in_a_test() -> Self {
        Self(())
    }
}

/// Does `work` on a thread of its own.
pub async fn apart<T: Send + 'static>(app: &App, work: impl FnOnce(&Apart) -> T + Send + 'static) -> Result<T> {
    app.workbench.run(move || work(&Apart(()))).await
}

/// The table of a file as it stands, or what is wrong with the file.
pub async fn opened(
    app: &App,
    bytes: &[u8],
    encoding: Option<Encoding>,
) -> Result<std::result::Result<(Table, Encoding), Finding>> {
    let bytes = bytes.to_vec();
    apart(app, move |place| super::open(place, &bytes, encoding)).await
}
