using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace DeepSeek.Federated.Learning.Native;

/// <summary>Loads libtorch and TorchSharp's native library, by full path and in the right order, before TorchSharp looks for them itself.</summary>
/// <remarks>Left alone, TorchSharp answers any failure by copying 490 MB of libraries beside the application and naming a wrong cause.</remarks>
internal static partial class TorchLibraries
{
    /// <summary>Names a folder with libtorch, for applications that carry none.</summary>
    public const string FolderVariable = "FEDERATED_TORCH";

    /// <summary>Names where the private copy is kept, where neither a cache nor a home folder is known.</summary>
    public const string CacheVariable = "FEDERATED_NATIVE_CACHE";

    private const string Shim = "LibTorchSharp", AbiVersion = "2.10.";
    private static readonly string[] Always = ["c10", "torch_cpu", "torch"], WithCuda = ["c10_cuda", "torch_cuda"], VersionNotes = ["version.py", "build-version"];

    /// <summary>Loads everything.</summary>
    /// <returns>The folder that libtorch came from.</returns>
    /// <exception cref="TorchUnavailableException">Something is missing or does not load.</exception>
    public static string Load()
    {
        // GNU OpenMP's threads otherwise spin while they wait: a busy machine then trains ten times slower. libc reads its own environment,
        // which .NET's does not reach. What an operator has set stays.
        if (OperatingSystem.IsLinux()) _ = SetVariable("GOMP_SPINCOUNT", "0", overwrite: 0);

        var folder = FindFolder();
        foreach (var name in Always) LoadFrom(Path.Combine(folder, FileName(name)));
        foreach (var path in WithCuda.Select(name => Path.Combine(folder, FileName(name))).Where(File.Exists)) LoadFrom(path);

        var shim = LoadShim();
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Shim ? shim : 0; // asked only after the normal search failed
        return folder;
    }

    private static nint LoadShim()
    {
        var path = Find(FileName(Shim)) ?? throw new TorchUnavailableException(
            $"{FileName(Shim)} is not beside the application: it is installed incompletely, or TorchSharp has no library for {RuntimeInformation.RuntimeIdentifier}.");
        if (NativeLibrary.TryLoad(path, out var loaded)) return loaded;
        if (!OperatingSystem.IsLinux()) return LoadFrom(path);
        try
        {
            return LoadFrom(MendedLibrary.Provide(path, CacheFolder()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TorchUnavailableException(
                $"The private copy of {FileName(Shim)} that this system needs cannot be written: {e.Message} Set {CacheVariable} to a folder that only this account can use.", e);
        }
    }

    private static string FindFolder()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } named)
            return Path.GetDirectoryName(Find(FileName("torch_cpu"))) ?? throw new TorchUnavailableException(
                $"This application carries no libtorch: set {FolderVariable} to the folder that holds {FileName("torch_cpu")} {AbiVersion}x (of a Python wheel: torch/lib).");
        if (!Path.IsPathFullyQualified(named) || !File.Exists(Path.Combine(named, FileName("torch_cpu"))))
            throw new TorchUnavailableException($"{FolderVariable} is '{named}', which is no full path of a folder with {FileName("torch_cpu")}.");
        foreach (var note in VersionNotes.Select(file => Path.Combine(named, "..", file)).Where(File.Exists))
        {
            var text = File.ReadAllText(note);
            if (!text.StartsWith(AbiVersion, StringComparison.Ordinal) && !text.Contains($"'{AbiVersion}", StringComparison.Ordinal))
                throw new TorchUnavailableException($"{FolderVariable} is '{named}', which is not libtorch {AbiVersion}x; other versions have another binary interface and would crash.");
        }
        return named;
    }

    private static string? Find(string file) => SearchFolders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SearchFolders()
    {
        var known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return
        [
            AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{architecture}", "native"),
            .. known.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
    }

    private static string CacheFolder()
    {
        if (Environment.GetEnvironmentVariable(CacheVariable) is { Length: > 0 } named) return named;
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache) return Path.Combine(cache, "deepseek-federated");
        // A folder for temporary files is everybody's: never a place for code.
        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, ".cache", "deepseek-federated")
            : throw new TorchUnavailableException($"This account has no home folder for the private copy of {FileName(Shim)} that this system needs: set {CacheVariable}.");
    }

    private static nint LoadFrom(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchUnavailableException($"'{path}' does not load: {e.Message}", e);
        }
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
