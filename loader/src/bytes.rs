//! The bytes of an executable, shared by all that is made from it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The bytes of a file, wherever they lie. Clones are the same bytes.
///
/// Made from a vector, from a slice (which is copied), or [from whatever holds bytes](FileBytes::new).
#[derive(Clone)]
pub struct FileBytes(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl FileBytes {
    /// The bytes that `owner` holds, which must always be the same.
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> FileBytes {
        FileBytes(Arc::new(owner))
    }
}

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileBytes").field("length", &self.len()).finish()
    }
}

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> FileBytes {
        FileBytes::new(bytes)
    }
}

impl From<Arc<[u8]>> for FileBytes {
    fn from(bytes: Arc<[u8]>) -> FileBytes {
        FileBytes::new(bytes)
    }
}

impl From<&[u8]> for FileBytes {
    fn from(bytes: &[u8]) -> FileBytes {
        FileBytes::new(bytes.to_vec())
    }
}
