"""Seccomp: the system calls that a bound worker still needs, and nothing else.

Landlock does not cover the change of attributes, datagram sockets, io_uring or signals to others; here the
calls themselves are gone. What no honest program asks for ends the process, any other call not listed
answers `EPERM`, and `clone3`, whose flags cannot be inspected, answers `ENOSYS`, so that glibc starts its
threads through `clone`.
"""

import contextlib
import ctypes
import ctypes.util
import errno
import mmap
import os
from collections.abc import Generator
from types import ModuleType
from typing import Final

_ALLOWED: Final = (
    # files that Landlock lets through, and what is already open
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2",
    "open", "openat", "openat2", "close",
    "lseek", "fstat", "newfstatat", "stat", "lstat", "statx", "statfs", "fstatfs", "access",
    "faccessat", "faccessat2", "readlink",
    "readlinkat", "getdents64", "getcwd", "ftruncate", "fallocate", "fadvise64", "fsync", "fdatasync",
    "sync_file_range", "unlink",
    "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "flock", "dup",
    "copy_file_range",
    # memory and threads of its own
    "munmap", "mremap", "brk", "futex", "futex_wait", "futex_wake", "set_robust_list",
    "get_robust_list", "rseq", "membarrier",
    "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "getcpu", "exit",
    "exit_group",
    # signals to itself, time, and who am I
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
    "poll", "ppoll", "select",
    "pselect6", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "times", "getrusage", "sysinfo",
    "uname", "getrandom", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid",
    "getgroups", "getpgrp", "getpgid", "getsid",
    "getresuid", "getresgid",
)  # fmt: skip

_DEADLY: Final = (
    "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open",
    "userfaultfd",
    "keyctl", "add_key", "request_key", "mount", "umount2", "pivot_root", "move_mount", "open_tree",
    "fsopen", "fsmount", "fsconfig",
    "mount_setattr", "chroot", "unshare", "setns", "kexec_load", "kexec_file_load", "init_module",
    "finit_module", "delete_module",
    "open_by_handle_at", "name_to_handle_at", "reboot", "swapon", "swapoff", "memfd_create", "memfd_secret",
)  # fmt: skip

_CLONE_FILES: Final = 0x00000400
_CLONE_THREAD: Final = 0x00010000
_CLONE_NEW_ANYTHING: Final = 0x7E020080  # every namespace, CLONE_NEWTIME among them
_CLOSE_RANGE_UNSHARE: Final = 1 << 1
# What allocators and stacks ask for: reading ahead, giving back, huge pages, dumps, forks, filling, guards.
# Not pages merged with those of other processes, which tell by their speed what lies in there.
_MADVICE: Final = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 18, 19, 22, 23, 24, 25, 102, 103)
_FCNTL: Final = (1, 2, 3, 5, 6, 7, 36, 37, 38, 1030)  # flags of descriptors, locks, dup close-on-exec
_IOCTL: Final = (
    0x5401,
    0x5413,
    0x5450,
    0x5451,
    0x541B,
)  # is it a terminal, its width; close-on-exec; FIONREAD
_PR_SET_NAME: Final = 15
_PR_SET_VMA: Final = 0x53564D41  # glibc names its stacks


class _Names:
    """The names under which the loader finds the two libraries.

    `find_library` asks ldconfig and a compiler for them, in two processes of its own.
    """

    known: Final = {"seccomp": "libseccomp.so.2"}

    @staticmethod
    @contextlib.contextmanager
    def given() -> Generator[None]:
        asked = ctypes.util.find_library
        ctypes.util.find_library = _Names.known.get
        try:
            yield
        finally:
            ctypes.util.find_library = asked


def library() -> ModuleType | None:
    """Return the binding to libseccomp, or `None` where that library is not installed."""
    try:
        with _Names.given():
            import pyseccomp
    except (ImportError, OSError, RuntimeError):
        return None
    return pyseccomp


def restrict() -> None:
    """Take all other system calls from this process; `prctl(PR_SET_NO_NEW_PRIVS)` has to come first."""
    seccomp = library()
    if seccomp is None:
        raise OSError("libseccomp is not installed")
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    rules.set_attr(seccomp.Attr.CTL_TSYNC, 1)
    rules.set_attr(seccomp.Attr.CTL_OPTIMIZE, 2)  # a binary tree of comparisons
    for name in _ALLOWED:
        _add(seccomp, rules, seccomp.ALLOW, name)
    for name in _DEADLY:
        _add(seccomp, rules, seccomp.KILL_PROCESS, name)
    _add(seccomp, rules, seccomp.ERRNO(errno.ENOSYS), "clone3")
    _add_conditional(seccomp, rules)
    rules.load()


def _add_conditional(seccomp: ModuleType, rules: object) -> None:
    def allow(name: str, *tests: object) -> None:
        _add(seccomp, rules, seccomp.ALLOW, name, *tests)

    def masked(argument: int, mask: int, value: int) -> object:
        return seccomp.Arg(argument, seccomp.MASKED_EQ, mask, value)

    def equal(argument: int, value: int) -> object:
        return seccomp.Arg(argument, seccomp.EQ, value)

    # A thread shares its descriptors and no file is mapped, so that what is open shows in /proc/<pid>/fd.
    thread = _CLONE_THREAD | _CLONE_FILES
    allow("clone", masked(0, thread | _CLONE_NEW_ANYTHING, thread))
    allow("close_range", masked(2, _CLOSE_RANGE_UNSHARE, 0))
    # No new machine code: a bound worker has loaded all that it will ever run.
    allow("mmap", masked(2, mmap.PROT_EXEC, 0), masked(3, mmap.MAP_ANONYMOUS, mmap.MAP_ANONYMOUS))
    allow("mprotect", masked(2, mmap.PROT_EXEC, 0))
    allow("tgkill", equal(0, os.getpid()))  # how abort() ends the process
    allow("prlimit64", equal(0, 0), equal(2, 0))  # reads its own limits, sets none
    allow("getrlimit")
    for advice in _MADVICE:
        allow("madvise", equal(2, advice))
    for command in _FCNTL:
        allow("fcntl", equal(1, command))
    for request in _IOCTL:
        allow("ioctl", equal(1, request))
    for option in (_PR_SET_NAME, _PR_SET_VMA):
        allow("prctl", equal(0, option))


def _add(seccomp: ModuleType, rules: object, action: int, name: str, *tests: object) -> None:
    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    if number >= 0:  # negative: this architecture or this library does not know the call
        rules.add_rule(action, number, *tests)  # pyright: ignore[reportAttributeAccessIssue]  # untyped library
