//! Short forms for the few column shapes that every table uses.

use sea_orm_migration::prelude::*;

/// A required text column.
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().take()
}

/// A text column that may be empty.
pub fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().null().take()
}

/// The text primary key.
pub fn key(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().primary_key().take()
}

/// A required 64-bit number; times are milliseconds since 1970.
pub fn number(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().not_null().take()
}

pub fn number_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().null().take()
}

/// A required 32-bit number.
pub fn small(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).integer().not_null().take()
}

/// A 32-bit number that may be missing.
pub fn small_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).integer().null().take()
}

pub fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).boolean().not_null().take()
}

pub fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().not_null().take()
}

/// A table of the given columns.
pub fn table(name: &'static str, columns: impl IntoIterator<Item = ColumnDef>) -> TableCreateStatement {
    let mut create = Table::create().table(Alias::new(name)).take();
    for mut column in columns {
        create.col(&mut column);
    }
    create
}

/// An index `ix_table_columns` over the columns.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut create = Index::create().name(format!("ix_{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        create.col(Alias::new(*column));
    }
    create
}

/// A unique index `ux_table_columns` over the columns.
pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut create =
        Index::create().name(format!("ux_{table}_{}", columns.join("_"))).table(Alias::new(table)).unique().take();
    for column in columns {
        create.col(Alias::new(*column));
    }
    create
}
