using System.Runtime.CompilerServices;

namespace DeepSeek.Federated.Data.Tests;

/// <summary>Published data sets: in the folder that FEDERATED_DATA names, or in ../shared/data beside the repository.</summary>
internal static class RealData
{
    /// <summary>A data set's folder; skips the test, saying so, where it is absent and nobody said that it must be there.</summary>
    public static string Folder(string name)
    {
        var named = Environment.GetEnvironmentVariable("FEDERATED_DATA");
        var folder = Path.Combine(named ?? Path.Combine(RepositoryRoot(), "..", "shared", "data"), name);
        if (named is null) Assert.SkipUnless(Directory.Exists(folder), $"The {name} data are not on this machine; set FEDERATED_DATA.");
        return folder;
    }

    private static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
