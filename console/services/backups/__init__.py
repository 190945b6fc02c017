"""Backups of the database: made, looked at, and brought back; the key file is never in one.

``drafts`` makes files, ``manifests`` says what is known of them, ``sqlite_files`` and ``postgres_tools`` know one kind
of database each, ``contents`` looks inside, ``making``, ``looking`` and ``restoring`` are the three commands. The units
of work are the commands' own.
"""
