"""Writes an archive that would do harm: hostile-tar.py KIND FILE PATH-THAT-MUST-NOT-BE-WRITTEN"""
import io
import sys
import tarfile

kind, file, aim = sys.argv[1:]


def add(archive, name, content=b"", **more):
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    for key, value in more.items():
        setattr(entry, key, value)
    archive.addfile(entry, io.BytesIO(content))


with tarfile.open(file, "w:gz", compresslevel=9) as archive:
    add(archive, "bin/lantern", b"#!/bin/sh\necho lantern\n", mode=0o755)
    if kind == "traversal":
        add(archive, "../../../../../../../../.." + aim, b"stolen")
    elif kind == "absolute":
        add(archive, aim, b"stolen")
    elif kind == "link":
        add(archive, "share/it", type=tarfile.SYMTYPE, linkname=aim)
    elif kind == "through-link":
        add(archive, "share", type=tarfile.SYMTYPE, linkname="..")
        add(archive, "share/stolen", b"stolen")
    elif kind == "bomb":
        add(archive, "share/zeros", bytes(400 * 1024 * 1024))
    elif kind == "device":
        add(archive, "share/disk", type=tarfile.BLKTYPE, devmajor=8, devminor=0)
