"""The caseworkers' desk: who may come in, the list, a record, the log, the counts."""
