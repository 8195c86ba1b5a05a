//! JSON: made and parsed by the browser in the browser, by `serde_json` natively, with one signature.
//!
//! `Value` is what crosses to JavaScript: a `JsValue` there, a `serde_json::Value` in native tests.
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(target_arch = "wasm32")]
mod read;

/// A JSON value of the platform.
#[cfg(target_arch = "wasm32")]
pub type Value = wasm_bindgen::JsValue;
/// A JSON value of the platform.
#[cfg(not(target_arch = "wasm32"))]
pub type Value = serde_json::Value;

/// The text is not JSON, or the value has another shape than asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(pub String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// A typed value as a platform value. `None` becomes `null`, maps become plain objects.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, JsonError> {
    platform::to_value(value)
}

/// A platform value as a typed value. Fields that are `Option` need `#[serde(default)]`, and none may
/// have an `alias`: in the browser structs are read field by field in their order.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, JsonError> {
    platform::from_value(value)
}

/// A typed value as compact JSON text.
pub fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
    platform::to_text(value)
}

/// JSON text as a typed value.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    platform::from_text(text)
}

/// JSON text as a platform value.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    platform::parse(text)
}

/// A field of an object; `None` if it is absent or null.
pub fn field(value: &Value, name: &str) -> Option<Value> {
    platform::field(value, name)
}

/// An object of these fields.
pub fn object(fields: Vec<(&str, Value)>) -> Value {
    platform::object(fields)
}

/// An array of these items.
pub fn array(items: Vec<Value>) -> Value {
    platform::array(items)
}

/// The items of an array; none of anything else.
pub fn items(value: &Value) -> Vec<Value> {
    platform::items(value)
}

/// A platform value as compact JSON text.
pub fn stringify(value: &Value) -> Result<String, JsonError> {
    platform::stringify(value)
}

/// JSON that passes through the SDK unread: message elements of known and unknown content types.
///
/// Holds JSON text inside; crosses to JavaScript as the value it stands for. Text that is not JSON
/// crosses as a string, so that nothing is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawJson(pub String);

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        platform::serialize_raw(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        platform::deserialize_raw(deserializer).map(RawJson)
    }
}

#[cfg(target_arch = "wasm32")]
mod platform {
    use super::*;
    use serde::de::Visitor;
    use serde_wasm_bindgen::{Serializer as JsSerializer, preserve};
    use wasm_bindgen::JsValue;

    fn js_error(cause: JsValue) -> JsonError {
        JsonError(js_sys::Error::from(cause).message().into())
    }

    pub(super) fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, JsonError> {
        made(value.serialize(&JsSerializer::json_compatible()))
    }

    pub(super) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, JsonError> {
        Ok(T::deserialize(read::Reader(value))?)
    }

    pub(super) fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
        written(value.serialize(&JsSerializer::json_compatible()))
    }

    pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
        Ok(T::deserialize(read::Reader(parse(text)?))?)
    }

    // What does not depend on the type is not compiled anew for each.

    #[inline(never)]
    fn made(value: Result<Value, serde_wasm_bindgen::Error>) -> Result<Value, JsonError> {
        value.map_err(|cause| js_error(cause.into()))
    }

    #[inline(never)]
    fn written(value: Result<Value, serde_wasm_bindgen::Error>) -> Result<String, JsonError> {
        stringify(&made(value)?)
    }

    #[inline(never)]
    pub(super) fn parse(text: &str) -> Result<Value, JsonError> {
        js_sys::JSON::parse(text).map_err(js_error)
    }

    pub(super) fn field(value: &Value, name: &str) -> Option<Value> {
        let field = js_sys::Reflect::get(value, &JsValue::from_str(name)).ok()?;
        (!field.is_null() && !field.is_undefined()).then_some(field)
    }

    pub(super) fn object(fields: Vec<(&str, Value)>) -> Value {
        let object = js_sys::Object::new();
        for (name, value) in fields {
            // Setting a field of a fresh object cannot fail.
            let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), &value);
        }
        object.into()
    }

    pub(super) fn array(items: Vec<Value>) -> Value {
        items.into_iter().collect::<js_sys::Array>().into()
    }

    pub(super) fn items(value: &Value) -> Vec<Value> {
        if js_sys::Array::is_array(value) {
            js_sys::Array::from(value).iter().collect()
        } else {
            Vec::new()
        }
    }

    pub(super) fn stringify(value: &JsValue) -> Result<String, JsonError> {
        let text = js_sys::JSON::stringify(value).map_err(js_error)?;
        // `stringify(undefined)` is undefined, not text.
        text.as_string()
            .ok_or_else(|| JsonError("not a JSON value".into()))
    }

    pub(super) fn serialize_raw<S: Serializer>(text: &str, s: S) -> Result<S::Ok, S::Error> {
        let value = js_sys::JSON::parse(text).unwrap_or_else(|_| JsValue::from_str(text));
        preserve::serialize(&value, s)
    }

    pub(super) fn deserialize_raw<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
        d.deserialize_newtype_struct(read::RAW, Text)
    }

    /// Takes the JSON text that the reader makes for this name.
    struct Text;

    impl Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.into())
        }

        fn visit_string<E>(self, text: String) -> Result<String, E> {
            Ok(text)
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod platform {
    use super::*;

    fn error(cause: impl fmt::Display) -> JsonError {
        JsonError(cause.to_string())
    }

    pub(super) fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, JsonError> {
        serde_json::to_value(value).map_err(error)
    }

    pub(super) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, JsonError> {
        serde_json::from_value(value).map_err(error)
    }

    pub(super) fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
        serde_json::to_string(value).map_err(error)
    }

    pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
        serde_json::from_str(text).map_err(error)
    }

    pub(super) fn parse(text: &str) -> Result<Value, JsonError> {
        from_text(text)
    }

    pub(super) fn field(value: &Value, name: &str) -> Option<Value> {
        value.get(name).filter(|field| !field.is_null()).cloned()
    }

    pub(super) fn object(fields: Vec<(&str, Value)>) -> Value {
        let fields = fields.into_iter();
        Value::Object(
            fields
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    pub(super) fn array(items: Vec<Value>) -> Value {
        Value::Array(items)
    }

    pub(super) fn items(value: &Value) -> Vec<Value> {
        value.as_array().cloned().unwrap_or_default()
    }

    pub(super) fn stringify(value: &Value) -> Result<String, JsonError> {
        serde_json::to_string(value).map_err(error)
    }

    pub(super) fn serialize_raw<S: Serializer>(text: &str, s: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) => value.serialize(s),
            Err(_) => s.serialize_str(text),
        }
    }

    pub(super) fn deserialize_raw<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
        serde_json::Value::deserialize(d).map(|value| value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        id: String,
        elem: Option<RawJson>,
    }

    #[test]
    fn raw_json_keeps_unknown_keys() {
        let text = r#"{"id":"1","elem":{"b":[1,2.5,null],"a":{"x":"<é>"}}}"#;
        let sample: Sample = from_text(text).unwrap();
        let again: Sample = from_text(&to_text(&sample).unwrap()).unwrap();
        assert_eq!(sample, again);
        assert!(sample.elem.unwrap().0.contains("\"b\":[1,2.5,null]"));
    }

    /// What `read.rs` cannot know of a struct is kept out of all of them.
    #[test]
    fn structs_keep_to_what_the_browser_reads() {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let needle = ["alias", " = \""].concat();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    assert!(!text.contains(&needle), "{path:?}");
                }
            }
        }
    }

    #[test]
    fn text_that_is_not_json_crosses_as_a_string() {
        let value = to_value(&RawJson("{broken".into())).unwrap();
        assert_eq!(value, Value::from("{broken"));
    }
}
