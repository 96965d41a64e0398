//! The shape of the database as sorted text, for comparing two databases of the same engine: a fresh
//! one with a migrated one, an original with a restored one. It holds no row of any table.

use crate::database::{Db, Engine};
use crate::error::Error;
use crate::query::q;
use crate::scan::{Piece, pieces};

const SQLITE_SHAPE: &str = "SELECT sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY type, name";

const POSTGRES_SHAPE: &str = "
    SELECT line FROM (
        SELECT format('column %s.%s %s%s%s', c.relname, a.attname,
                      format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                      COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')) AS line
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm')
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT format('constraint %s.%s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.connamespace = current_schema()::regnamespace
        UNION ALL
        SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
        UNION ALL
        SELECT format('view %s %s', viewname, definition) FROM pg_views
        WHERE schemaname = current_schema()
        UNION ALL
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
    ) AS shape ORDER BY line COLLATE \"C\"";

/// Tables, columns, keys, indexes and views, one a line.
pub async fn schema(db: &Db) -> Result<String, Error> {
    let shape = match db.engine() {
        Engine::Sqlite => SQLITE_SHAPE,
        Engine::Postgres => POSTGRES_SHAPE,
    };
    let lines: Vec<String> = q(shape).scalars(db).await?;
    let lines: Vec<String> = lines.iter().map(|line| on_one_line(line)).collect();
    Ok(lines.join("\n"))
}

/// Without comments, with single spaces.
fn on_one_line(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    for piece in pieces(sql) {
        match piece {
            Piece::Code(range) => text.push_str(&sql[range]),
            Piece::Other(range) if sql[range.clone()].starts_with(['\'', '"']) => text.push_str(&sql[range]),
            Piece::Other(_) => text.push(' '),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
