//! Rows of a list in the order of insertion, as the server's database gives them where no other order is
//! asked for.

/// Values by ID. Lists are short, so looking through them is fast enough.
#[derive(Clone, Debug)]
pub struct Rows<T>(Vec<(String, T)>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Rows<T> {
    /// IDs and values, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.0.iter().map(|(id, value)| (id, value))
    }

    /// IDs, oldest first.
    pub fn ids(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(id, _)| id)
    }

    /// The value of an ID.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.iter().find(|row| row.0 == id).map(|row| row.1)
    }

    /// The value of an ID, to be changed; it keeps its place.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.0
            .iter_mut()
            .find(|row| row.0 == id)
            .map(|row| &mut row.1)
    }

    /// Whether an ID is there.
    pub fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Puts a new ID at the end; `false` if it is there already.
    pub fn add(&mut self, id: &str, value: T) -> bool {
        let is_new = !self.has(id);
        if is_new {
            self.0.push((id.to_owned(), value));
        }
        is_new
    }

    /// Takes an ID out.
    pub fn remove(&mut self, id: &str) -> Option<T> {
        let at = self.0.iter().position(|row| row.0 == id)?;
        Some(self.0.remove(at).1)
    }
}
