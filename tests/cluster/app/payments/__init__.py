"""The sample application of the test bed: one database, honest probes, faults on demand."""
