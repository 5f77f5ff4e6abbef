"""Backups: one file that holds a whole program as of one moment, checked; and bringing it back, on either engine.

The file is an SQLite database of the program's own schema, whichever engine the program runs on: it moves a program
from one to the other, and can be looked into without Uplift. What was ever released is part of it; the release's own
database and the read copy are not, as they can be written again.
"""

from data_access.backups.manifest import BackupRefused, Manifest
from data_access.backups.read import check_backup
from data_access.backups.restore import Restored, restore_backup
from data_access.backups.write import write_backup

__all__ = ["BackupRefused", "Manifest", "Restored", "check_backup", "restore_backup", "write_backup"]
