//! JSON Schema (2020-12) of both directions, made from the types that read and write them.

use super::event::Event;
use super::request::TaskRequest;

/// Of what a client sends.
pub(crate) fn task() -> String {
    text(schemars::schema_for!(TaskRequest))
}

/// Of each line that a client gets.
pub(crate) fn event() -> String {
    // What is written has all its fields, also those that a reader may leave out.
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    text(settings.into_generator().into_root_schema_for::<Event>())
}

fn text(schema: schemars::Schema) -> String {
    format!("{:#}\n", schema.to_value())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is committed is what the code says. After a change: `sigemu task --schema task > docs/schema/task.json`, and `event`.
    #[test]
    fn the_committed_schemas_are_up_to_date() {
        for (file, generated) in [("task.json", task()), ("event.json", event())] {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/").to_owned() + file;
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == generated,
                "{path} is not what `sigemu task --schema` prints"
            );
        }
    }
}
