//! TEMP
use crate::machine::Machine;
use crate::trap::Trap;
impl Machine {
    pub(crate) fn call_function(&mut self, _n: i32) -> Result<(), Trap> { self.retire(); Ok(()) }
}
