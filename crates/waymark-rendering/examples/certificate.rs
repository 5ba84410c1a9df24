//! Sets a sample certificate and says how long one takes: `cargo run -p waymark-rendering --example certificate -- out.pdf`.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints it")]

use std::time::Instant;

use waymark_rendering::{Certificate, Fact, Fonts, Preview, Template, Tone, live_badge};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "certificate.pdf".to_owned());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates");
    let font = |weight: &str| std::fs::read(format!("{folder}/fonts/NotoSansJP-{weight}.ttf"));
    let fonts = Fonts::load([font("Regular")?, font("Bold")?])?;
    let template = Template::parse(&std::fs::read_to_string(format!("{folder}/hexagon.svg"))?)?;
    let title = "コミュニティ・コントリビューター認定 上級";
    let badge = template.fill(&[("title", title), ("issuer", "例の会")], &fonts)?.svg;
    let fact = |label: &str, value: &str| Fact { label: label.to_owned(), value: value.to_owned() };
    let certificate = Certificate {
        language: "ja".into(),
        title: "認定証".into(),
        holder: "髙﨑 邉子".into(),
        achievement: title.into(),
        after: "上記について所定の基準を満たしたことをここに認定する".into(),
        criteria: "試験に合格し、3件貢献する".into(),
        date: "令和8年4月1日".into(),
        issuer: "例の会".into(),
        facts: vec![
            fact("認定番号", "EG-2026-000042"),
            fact("確認コード", "7K3M9Q"),
            fact("有効期限", "2029年3月31日まで"),
        ],
        address: "https://guild.example/c/0123456789abcdefghjkmnpqrs".into(),
        qr: "HTTPS://GUILD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS".into(),
        note: "この紙は写しです。".into(),
        badge: badge.clone(),
        ..Certificate::default()
    };
    let rounds = 20;
    certificate.pdf(&fonts)?;
    let start = Instant::now();
    for _ in 1..rounds {
        certificate.pdf(&fonts)?;
    }
    let printed = certificate.pdf(&fonts)?;
    println!(
        "certificate: {:.1} ms, {} bytes",
        start.elapsed().as_secs_f64() * 1e3 / f64::from(rounds),
        printed.pdf.len()
    );
    std::fs::write(&out, printed.pdf)?;
    let preview = Preview {
        title: title.into(),
        holder: "髙﨑 邉子".into(),
        issuer: "一般社団法人 例の会".into(),
        host: "guild.example".into(),
        badge: badge.clone(),
    };
    let start = Instant::now();
    let png = preview.png(&fonts)?;
    println!("preview: {:.1} ms, {} bytes", start.elapsed().as_secs_f64() * 1e3, png.len());
    std::fs::write(format!("{out}.og.png"), png)?;
    std::fs::write(format!("{out}.badge.svg"), live_badge(&badge, title, "有効な認定です", Tone::Good, &fonts))?;
    Ok(())
}
