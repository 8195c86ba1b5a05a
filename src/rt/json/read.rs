//! Values of JavaScript as typed values.
//!
//! `serde-wasm-bindgen` does this too, and compiles its ways of looking at a value anew for every
//! struct. Here they are compiled once and only the structs' own fields remain.
use std::cell::RefCell;
use std::fmt;
use std::slice;

use js_sys::{Array, Object, Reflect};
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

use super::JsonError;

/// Name of the newtype that takes a value as JSON text.
pub(super) const RAW: &str = "\u{0}openim-web raw JSON";

/// Why a value cannot be read. One word long, since every step of reading hands it on.
#[derive(Debug)]
pub(super) struct Wrong(Box<Reason>);

#[derive(Debug)]
enum Reason {
    Text(String),
    /// The field of this number is needed and absent.
    Missing(usize),
}

impl Wrong {
    fn text(text: String) -> Self {
        Wrong(Box::new(Reason::Text(text)))
    }

    /// The error of a field, as that of the object around it.
    #[inline(never)]
    fn within(self, name: &str) -> Self {
        Wrong::text([name, ": ", &self.to_string()].concat())
    }

    /// A missing field by its name.
    #[inline(never)]
    fn named(self, names: &[&str]) -> Self {
        match *self.0 {
            Reason::Missing(index) => {
                let name = names.get(index).copied().unwrap_or_default();
                Wrong::text(["missing field `", name, "`"].concat())
            }
            Reason::Text(_) => self,
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Reason::Text(text) => f.write_str(text),
            Reason::Missing(_) => f.write_str("a field is missing"),
        }
    }
}

impl std::error::Error for Wrong {}

impl From<Wrong> for JsonError {
    #[inline(never)]
    fn from(wrong: Wrong) -> Self {
        JsonError(wrong.to_string())
    }
}

impl Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Wrong::text(message.to_string())
    }

    // A struct is read as a sequence: too short means that the field of that number is absent.
    fn invalid_length(index: usize, _: &dyn Expected) -> Self {
        Wrong(Box::new(Reason::Missing(index)))
    }

    // Without the value itself: printing floats alone costs 12 KB.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
            Unexpected::Str(_) | Unexpected::Char(_) => "a string",
            Unexpected::Unit => "null",
            Unexpected::Seq => "an array",
            Unexpected::Map => "an object",
            _ => "something else",
        };
        Wrong::text(["expected ", &expected.to_string(), ", found ", found].concat())
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }
}

/// A value to be read.
pub(super) struct Reader(pub(super) JsValue);

impl Reader {
    #[inline(never)]
    fn kind(&self) -> Unexpected<'static> {
        let value = &self.0;
        if value.is_null() || value.is_undefined() {
            Unexpected::Unit
        } else if value.is_string() {
            Unexpected::Str("")
        } else if value.as_f64().is_some() {
            Unexpected::Float(0.0)
        } else if value.as_bool().is_some() {
            Unexpected::Bool(false)
        } else if Array::is_array(value) {
            Unexpected::Seq
        } else if value.is_object() {
            Unexpected::Map
        } else {
            Unexpected::Other("")
        }
    }

    #[inline(never)]
    fn refused(&self, expected: &dyn Expected) -> Wrong {
        Wrong::invalid_type(self.kind(), expected)
    }

    /// A whole number that JavaScript holds exactly.
    #[inline(never)]
    fn integer(&self) -> Option<i64> {
        let number = self.0.as_f64()?;
        let whole = number as i64;
        (whole as f64 == number).then_some(whole)
    }

    #[inline(never)]
    fn array(self, expected: &dyn Expected) -> Result<Items, Wrong> {
        if !Array::is_array(&self.0) {
            return Err(self.refused(expected));
        }
        let array: Array = self.0.unchecked_into();
        let length = array.length();
        Ok(Items {
            array,
            next: 0,
            length,
        })
    }

    #[inline(never)]
    fn object(self, expected: &dyn Expected) -> Result<Object, Wrong> {
        match self.kind() {
            Unexpected::Map => Ok(self.0.unchecked_into()),
            _ => Err(self.refused(expected)),
        }
    }
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.kind() {
            Unexpected::Unit => visitor.visit_unit(),
            Unexpected::Bool(_) => self.deserialize_bool(visitor),
            Unexpected::Float(_) => self.deserialize_f64(visitor),
            Unexpected::Str(_) => self.deserialize_string(visitor),
            Unexpected::Seq => self.deserialize_seq(visitor),
            Unexpected::Map => self.deserialize_map(visitor),
            _ => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0.as_bool() {
            Some(value) => visitor.visit_bool(value),
            None => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.integer() {
            Some(value) => visitor.visit_i64(value),
            None => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0.as_f64() {
            Some(value) => visitor.visit_f64(value),
            None => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0.as_string() {
            Some(value) => visitor.visit_string(value),
            None => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.kind() {
            Unexpected::Unit => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.kind() {
            Unexpected::Unit => visitor.visit_unit(),
            _ => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if name == RAW {
            return match super::platform::stringify(&self.0) {
                Ok(text) => visitor.visit_string(text),
                Err(error) => Err(Wrong::text(error.0)),
            };
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let items = self.array(&visitor)?;
        visitor.visit_seq(items)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let object = self.object(&visitor)?;
        let entries = Object::entries(&object);
        visitor.visit_map(Entries {
            length: entries.length(),
            entries,
            next: 0,
            value: JsValue::UNDEFINED,
        })
    }

    // As a sequence of its fields: what serde compiles for that is a third of what it compiles for a
    // map, which may hold them in any order and twice.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let object = self.object(&visitor)?;
        let fields = Fields {
            object,
            names: names.iter(),
        };
        visitor
            .visit_seq(fields)
            .map_err(|wrong| wrong.named(names))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_i64(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 u8 u16 f32 char str bytes byte_buf tuple tuple_struct enum identifier
    }
}

/// The items of an array.
struct Items {
    array: Array,
    next: u32,
    length: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        if self.next == self.length {
            return Ok(None);
        }
        let item = self.array.get(self.next);
        self.next += 1;
        seed.deserialize(Reader(item)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some((self.length - self.next) as usize)
    }
}

/// The pairs of an object used as a map.
struct Entries {
    entries: Array,
    next: u32,
    length: u32,
    value: JsValue,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        if self.next == self.length {
            return Ok(None);
        }
        let pair: Array = self.entries.get(self.next).unchecked_into();
        self.next += 1;
        self.value = pair.get(1);
        seed.deserialize(Reader(pair.get(0))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(Reader(std::mem::take(&mut self.value)))
    }
}

/// The fields of a struct, in its order. One that is absent ends as its default, or as an error.
struct Fields {
    object: Object,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some((name, value)) = self.advance() else {
            return Ok(None);
        };
        match seed.deserialize(Reader(value)) {
            Ok(value) => Ok(Some(value)),
            Err(wrong) => Err(wrong.within(name)),
        }
    }
}

impl Fields {
    /// The next field, if it is there.
    #[inline(never)]
    fn advance(&mut self) -> Option<(&'static str, JsValue)> {
        let name = self.names.next()?;
        let value = field(&self.object, name);
        (!value.is_undefined()).then_some((name, value))
    }
}

thread_local! {
    /// Field names as JavaScript strings, by where they lie: making one anew for each field of each
    /// object would cost more than all else.
    static NAMES: RefCell<Vec<(*const u8, usize, JsValue)>> = const { RefCell::new(Vec::new()) };
}

fn field(object: &Object, name: &'static str) -> JsValue {
    NAMES.with_borrow_mut(|names| {
        let place = (name.as_ptr(), name.len());
        let found = names.binary_search_by_key(&place, |entry| (entry.0, entry.1));
        let index = found.unwrap_or_else(|index| {
            names.insert(index, (place.0, place.1, JsValue::from_str(name)));
            index
        });
        // A getter that throws counts as absent.
        Reflect::get(object, &names[index].2).unwrap_or(JsValue::UNDEFINED)
    })
}
