"""Fails where a session bus, its Python bindings or the libraries through which Electron speaks to a desktop are missing."""

import ctypes
import shutil
import sys

import dbus  # noqa: F401
from gi.repository import GLib  # noqa: F401

ctypes.CDLL("libnotify.so.4")
ctypes.CDLL("libunity.so.9")
sys.exit(shutil.which("dbus-daemon") is None)
