using DeepSeek.Federated.Learning.Native;
using TorchSharp;

namespace DeepSeek.Federated.Learning.Tests;

public sealed class A_runtime
{
    [Fact]
    public void says_what_it_is_and_starts_once()
    {
        Assert.Same(TorchRuntime.Describe(), TorchRuntime.Start(1));
        Assert.Equal(("0.107.0", 1), (TorchRuntime.Describe().TorchSharp, TorchRuntime.Describe().Threads));
        Assert.Contains("1 threads", Assert.Throws<InvalidOperationException>(() => TorchRuntime.Start(2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TorchRuntime.Start(0));
    }

    [Fact]
    public void copies_no_libraries_beside_the_application()
    {
        _ = torch.zeros(1);
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }
}
