//! A kit for pages and JSON that knows no room: languages, page shell, strict input, problems, assets, and the layers around every answer.

pub mod assets;
pub mod client;
pub mod deadline;
pub mod era;
pub mod form;
pub mod i18n;
pub mod input;
pub mod layers;
pub mod months;
pub mod page;
mod paging;
pub mod plot;
pub mod problem;
pub mod published;
pub mod table;
mod told_in;
pub mod visitor;
pub mod written;
pub mod zone;
