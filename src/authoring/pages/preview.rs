//! "As the candidate sees it": beside the form, and again while somebody types.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use waymark_assess::Mistake;
use waymark_assess::candidate::PositionView;
use waymark_assess::item::ItemContent;

use super::diff::{Difference, differences};
use super::languages;
use super::question::{AnswerView, Drawn, instruction};
use crate::access::{AuthorBanks, May, Posted};
use crate::app::App;
use crate::authoring::api::picture;
use crate::authoring::form::Form;
use crate::authoring::sentences;
use crate::banks::{self, Piece};
use crate::error::{Error, Result};
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell};

/// An item in one of its languages.
pub struct Shown {
    pub language: String,
    pub tag: Option<String>,
    pub instruction: String,
    /// In the words of the question's language, where the player speaks it.
    pub speaks: Words,
    pub answer: AnswerView,
    pub view: PositionView,
}

/// An item in each of its languages.
pub fn shown(w: Words, content: &ItemContent) -> Result<Vec<Shown>> {
    let one = |tag: String| {
        let view = banks::preview(content, &tag)?;
        let speaks = Locale::parse(&tag).map_or(w, Words::new);
        Ok(Shown {
            language: sentences::language(w, &tag),
            tag: Some(tag).filter(|tag| tag != "und"),
            instruction: instruction(speaks, &view),
            speaks,
            answer: AnswerView::of(&view),
            view,
        })
    };
    content.languages().into_iter().map(one).collect()
}

/// The preview alone; mistakes take its place.
#[derive(Template)]
#[template(path = "authoring/_preview.html")]
struct PreviewPart {
    shell: Shell,
    shown: Vec<Shown>,
    missing: Vec<String>,
    /// What differs from the version that the form was made from; none for a new item.
    changes: Option<Vec<Difference>>,
}

/// What keeps a form from being an item, in the words of forms: those for this field, else those for this mistake, else what a file would be told.
pub fn sentence(w: Words, mistake: &Mistake) -> String {
    let code = mistake.code.replace('_', "-");
    let mut names: Vec<&str> = mistake.pointer.split('/').filter(|name| !name.is_empty()).collect();
    if names.first() == Some(&"gaps") && names.len() > 1 {
        names.remove(1);
    }
    names.retain(|name| name.parse::<usize>().is_err());
    let field = names.join("-").replace('_', "-");
    let keys = [format!("editor-wrong-{code}-{field}"), format!("editor-wrong-{code}")];
    match keys.iter().find(|key| w.has(key)) {
        Some(key) => w.t(key),
        None => mistake.message_in(w.lang()).to_owned(),
    }
}

/// `POST /admin/banks/{slug}/preview`: a part of a page. Stores nothing.
pub async fn preview_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<impl IntoResponse> {
    banks::bank(app.db.read(), &slug).await?;
    let shell = staff.shell();
    let w = shell.w;
    let form = Form::posted(&pairs, &languages(&app, w.lang()).await?).ok_or_else(Error::not_found)?;
    let picture = picture(app.db.read(), Some(form.figure())).await?;
    let (shown, missing, changes) = match form.written().read(picture.as_deref()) {
        Ok(version) => {
            let changes = form.former().map(|former| differences(w, &former, &banks::fields(&version)));
            (shown(w, version.content())?, vec![], changes)
        }
        Err(mistakes) => (vec![], mistakes.iter().map(|mistake| sentence(w, mistake)).collect(), None),
    };
    Ok(Page(PreviewPart { shell, shown, missing, changes }))
}
