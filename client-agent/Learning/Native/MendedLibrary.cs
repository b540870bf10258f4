using System.Security.Cryptography;

namespace DeepSeek.Federated.Learning.Native;

/// <summary>A private copy of TorchSharp's native library that loads on Debian 12, Ubuntu 22.04 and RHEL 9.</summary>
/// <remarks>
/// The library asks for version GLIBCXX_3.4.32 of libstdc++, newer than theirs, for one symbol only: a link marker that is never called.
/// The copy marks that need as weak. Input and output are pinned by digest: no other library is ever changed or loaded this way.
/// </remarks>
internal static class MendedLibrary
{
    internal const string Original = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8";
    internal const string Mended = "5968efac8270eff8a2b5ca7381612ea9cc54d81cf4104a54e0e6106b7b5f11e3";
    private const int MostBytes = 64 * 1024 * 1024;

    /// <summary>Makes the copy, or finds it whole.</summary>
    /// <param name="original">TorchSharp's library.</param>
    /// <param name="directory">Where copies are kept; made with mode 0700.</param>
    /// <returns>Path of the copy.</returns>
    /// <exception cref="TorchUnavailableException">The original is not the known one, or the folder is not private.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public static string Provide(string original, string directory)
    {
        MakePrivate(directory);
        var copy = Path.Combine(directory, $"libLibTorchSharp-{Mended[..16]}.so");
        if (File.Exists(copy) && DigestOf(copy) == Mended) return copy;

        if (new FileInfo(original).Length > MostBytes || DigestOf(original) != Original)
            throw new TorchUnavailableException(
                $"'{original}' does not load here and is not the file of TorchSharp 0.107.0 that this version can mend. Restore the packages again, or use a system with libstdc++ of GCC 13 or newer.");
        var bytes = File.ReadAllBytes(original);
        ElfVersionNeeds.Weaken(bytes, "libstdc++.so.6", "GLIBCXX_3.4.32");
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != Mended) throw new TorchUnavailableException($"Mending '{original}' did not give the pinned digest.");
        Write(bytes, copy);
        return copy;
    }

    private static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Only libraries of Linux are mended.");
        const UnixFileMode ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(directory, ours);
        if ((File.GetUnixFileMode(directory) & ~ours) != 0)
            throw new TorchUnavailableException($"'{directory}' is open to other users, who could put their code there. Run: chmod 700 '{directory}'");
    }

    private static void Write(byte[] bytes, string path)
    {
        var draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true); // two agents may do this at once: both write the same bytes
    }

    private static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
