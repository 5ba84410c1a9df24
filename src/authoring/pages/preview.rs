//! "As the candidate sees it": beside the form, and again while somebody types.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use waymark_assess::Mistake;
use waymark_assess::candidate::PositionView;
use waymark_assess::item::ItemContent;

use super::languages;
use crate::access::{AuthorBanks, May, Posted};
use crate::app::App;
use crate::authoring::api::picture;
use crate::authoring::draft::Draft;
use crate::authoring::sentences;
use crate::banks;
use crate::error::Result;
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell};

/// An item in one of its languages.
pub struct Shown {
    pub language: String,
    pub tag: Option<String>,
    pub multiple: bool,
    /// Whether it is answered by choosing; how other types are answered is not shown here.
    pub choice: bool,
    pub instruction: String,
    pub view: PositionView,
}

/// An item in each of its languages.
pub fn shown(w: Words, content: &ItemContent) -> Result<Vec<Shown>> {
    let one = |tag: String| {
        let view = banks::preview(content, &tag)?;
        // The sentence above the options stands in the language of the question, where the player speaks it.
        let speaks = Locale::parse(&tag).map_or(w, Words::new);
        let item_type = view.item_type.as_str();
        let multiple = item_type == "multiple_choice";
        let choice = multiple || matches!(item_type, "single_choice" | "true_false");
        let instruction = match (multiple, view.min_choices == view.max_choices) {
            (false, _) => speaks.t("player-choose-one"),
            (true, true) => speaks.with1("player-choose-exactly", "count", view.max_choices),
            (true, false) => speaks.t("player-choose-any"),
        };
        Ok(Shown {
            language: sentences::language(w, &tag),
            tag: Some(tag).filter(|tag| tag != "und"),
            multiple,
            choice,
            instruction,
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
}

/// What keeps a form from being an item, in the words of forms.
pub fn sentence(w: Words, mistake: &Mistake) -> String {
    let field = mistake.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let key = format!("item-missing-{}", field.replace('_', "-"));
    match mistake.code {
        "missing" | "empty" | "no_key" if w.has(&key) => w.t(&key),
        "languages_differ" => w.t("item-languages-differ"),
        _ => mistake.message_in(w.lang()).to_owned(),
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
    let draft = Draft::posted(&pairs, &languages(&app, shell.w.lang()).await?);
    let picture = picture(app.db.read(), Some(&draft.figure)).await?;
    let (shown, missing) = match draft.read(picture.as_deref()) {
        Ok(version) => (shown(shell.w, version.content())?, vec![]),
        Err(mistakes) => (vec![], mistakes.iter().map(|mistake| sentence(shell.w, mistake)).collect()),
    };
    Ok(Page(PreviewPart { shell, shown, missing }))
}
