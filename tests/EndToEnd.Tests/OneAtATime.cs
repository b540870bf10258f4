// Every test is half a dozen processes, and copies of one founded federation share its port.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
