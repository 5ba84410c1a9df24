//! An exam in a few sentences, as a person would tell it.

use waymark_assess::ExamSpec;
use waymark_assess::blueprint::Base;
use waymark_assess::score::Cut;
use waymark_assess::spec::Release;

use crate::web::i18n::Words;

/// What is asked, how long, how often, what passes and when one learns of it.
pub fn summary(w: Words, spec: &ExamSpec) -> String {
    let assembly = spec.blueprint.assembly();
    let asked = match (&assembly.base, spec.blueprint.positions()) {
        (Base::Forms(forms), _) => w.with1("exam-sum-forms", "n", forms.len()),
        (_, Some(n)) => w.with2("exam-sum-items", "n", n, "bank", spec.bank.as_str()),
        (_, None) => w.with1("exam-sum-groups", "bank", spec.bank.as_str()),
    };
    let mut told = vec![asked, w.with1("exam-sum-minutes", "n", spec.timing.minutes)];
    if assembly.pretest > 0 {
        told.push(w.with1("exam-sum-pretest", "n", assembly.pretest));
    }
    told.push(match spec.rules.attempts {
        Some(n) => w.with1("exam-sum-attempts", "n", n),
        None => w.t("exam-sum-attempts-free"),
    });
    if spec.rules.cool_down_days > 0 {
        told.push(w.with1("exam-sum-cool-down", "n", spec.rules.cool_down_days));
    }
    told.push(match spec.scoring.cut {
        Cut::Points(n) => w.with1("exam-sum-cut", "n", n),
        Cut::Percent(percent) => w.with1("exam-sum-cut-percent", "n", percent.to_string()),
        _ => String::new(),
    });
    told.push(match spec.release {
        Release::AtOnce => w.t("exam-sum-at-once"),
        Release::Held => w.t("exam-sum-held"),
        _ => w.t("exam-sum-on"),
    });
    w.sentences(&told)
}
