using System.Runtime.CompilerServices;

namespace DeepSeek.Federated.Sandbox.Tests;

/// <summary>The folder of real data, where there is one: FEDERATED_DATA, or ../shared/data beside the repository.</summary>
internal static class RealData
{
    /// <summary>The heart-disease folder; skips the test where it is absent.</summary>
    public static string Heart() => Folder("heart-disease");

    /// <summary>The folder of MNIST's four files; skips the test where it is absent.</summary>
    public static string Mnist() => Path.Combine(Folder("mnist"), "raw");

    /// <summary>A data set's folder; skips the test, saying so, where it is absent and nobody said that it must be there.</summary>
    private static string Folder(string name)
    {
        var named = Environment.GetEnvironmentVariable("FEDERATED_DATA");
        var folder = Path.Combine(named ?? Path.Combine(Root(), "..", "shared", "data"), name);
        if (named is null) Assert.SkipUnless(Directory.Exists(folder), $"The {name} data are not on this machine; set FEDERATED_DATA.");
        return folder;
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
