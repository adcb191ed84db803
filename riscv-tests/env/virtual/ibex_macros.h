// The environment in the wheel was patched for a core that brings a header of this name. Of the patch the virtual-memory environment
// uses only these two hooks (it replaces start, pass and fail), and they have nothing to do.
#define FILTER_TRAP
#define FILTER_PAGE_FAULT
