using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Learning.Tests;

// One process-wide libtorch, one count of live tensors.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Torch))]

namespace DeepSeek.Federated.Learning.Tests;

public sealed class Torch
{
    public Torch() => TorchRuntime.Start(1);
}
