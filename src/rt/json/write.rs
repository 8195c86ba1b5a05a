//! Typed values as values.
use super::Field;
use super::platform::{self, Value};

/// What can be written as a value; derived for structs.
pub trait Write {
    /// The value.
    fn write(&self) -> Value;

    /// Whether an optional field is left out of the object around it.
    fn is_left_out(&self) -> bool {
        false
    }
}

/// An object of these fields, in the order of their table.
pub fn write_fields(table: &'static [Field], fields: &[&dyn Write]) -> Value {
    let mut object = platform::Fields::default();
    for (of, field) in table.iter().zip(fields) {
        if !of.optional || !field.is_left_out() {
            object.put(of.name, field.write());
        }
    }
    object.into()
}

/// What crosses unread.
impl Write for Value {
    fn write(&self) -> Value {
        self.clone()
    }
}

impl Write for str {
    fn write(&self) -> Value {
        Value::from(self)
    }

    fn is_left_out(&self) -> bool {
        self.is_empty()
    }
}

impl Write for String {
    fn write(&self) -> Value {
        Value::from(self.as_str())
    }

    fn is_left_out(&self) -> bool {
        self.is_empty()
    }
}

impl Write for bool {
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Write for f64 {
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Write for i32 {
    fn write(&self) -> Value {
        platform::from_integer(i64::from(*self))
    }
}

impl Write for i64 {
    fn write(&self) -> Value {
        platform::from_integer(*self)
    }
}

impl Write for u32 {
    fn write(&self) -> Value {
        platform::from_integer(i64::from(*self))
    }
}

impl Write for u64 {
    fn write(&self) -> Value {
        platform::from_integer(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

/// No data is `null`.
impl Write for () {
    fn write(&self) -> Value {
        platform::null()
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> Value {
        match self {
            Some(value) => value.write(),
            None => platform::null(),
        }
    }

    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

impl<T: Write + ?Sized> Write for &T {
    fn write(&self) -> Value {
        (**self).write()
    }

    fn is_left_out(&self) -> bool {
        (**self).is_left_out()
    }
}

impl<T: Write> Write for Box<T> {
    fn write(&self) -> Value {
        (**self).write()
    }
}

impl<T: Write> Write for [T] {
    fn write(&self) -> Value {
        platform::array(self.iter().map(Write::write).collect())
    }

    fn is_left_out(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> Value {
        self.as_slice().write()
    }

    fn is_left_out(&self) -> bool {
        self.is_empty()
    }
}
