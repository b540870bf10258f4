using System.Reflection;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace DeepSeek.Federated.Learning.Native;

/// <summary>libtorch within this process. Started once, before the first model; process-wide because libtorch is.</summary>
public static class TorchRuntime
{
    private static readonly Lock Starting = new();
    private static volatile TorchDescription? _started;

    /// <summary>Loads libtorch and tries it. Doing it again with the same number is free.</summary>
    /// <param name="threads">Threads of one operation, 1 to 1,024. Another number gives other bits: it is part of what makes a run repeatable.</param>
    /// <exception cref="TorchUnavailableException">libtorch does not load or computes wrongly here.</exception>
    /// <exception cref="InvalidOperationException">Started before with another number.</exception>
    public static TorchDescription Start(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        lock (Starting)
        {
            if (_started is { } running)
                return running.Threads == threads ? running : throw new InvalidOperationException($"libtorch runs with {running.Threads} threads already.");
            var folder = TorchLibraries.Load();
            torch.set_num_threads(threads);
            TrySelf();
            return _started = new(
                typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
                torch.__version__, threads, Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") ?? Vectors(), folder);
        }
    }

    /// <summary>What was started.</summary>
    /// <exception cref="InvalidOperationException">Nothing was.</exception>
    public static TorchDescription Describe() => _started ?? throw new InvalidOperationException("Call TorchRuntime.Start before anything is trained or evaluated.");

    /// <summary>Gives the calling thread its number of threads: libtorch keeps it by thread.</summary>
    internal static void EnterThread() => torch.set_num_threads(Describe().Threads);

    private static string Vectors() => Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : "default";

    private static void TrySelf()
    {
        using var scope = torch.NewDisposeScope();
        // d/dw of sum((x·w)²) at x = [[1, 2], [3, 4]], w = [1, -1]: 2·xᵀ(x·w), exact in single precision.
        var x = torch.tensor(new float[] { 1, 2, 3, 4 }).reshape(2, 2);
        var w = torch.tensor(new float[] { 1, -1 }).requires_grad_(true);
        x.mv(w).square().sum().backward();
        var gradient = w.grad ?? throw new TorchUnavailableException("libtorch loads here and gives no gradients. Install the version that this application was made for.");
        if (gradient[0].ToSingle() != -8 || gradient[1].ToSingle() != -12)
            throw new TorchUnavailableException("libtorch loads here and computes a wrong gradient. Install the version that this application was made for.");
    }
}
