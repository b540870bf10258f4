using System.Security.Cryptography;

namespace DeepSeek.Federated.Signing.Keys;

/// <summary>Private keys on disk: mode 0600, written whole, never over another file; on Windows the folder's own access list protects them.</summary>
internal static class KeyFile
{
    private const int LargestLength = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    internal delegate T Import<out T>(ReadOnlySpan<byte> pem);

    internal static T Read<T>(string path, Import<T> import)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        // Asked of the open handle: the name may be pointed elsewhere between a check and the reading.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            throw new KeyFileException(
                $"Other users of this machine may open the private key '{path}'. Run: chmod 600 '{path}'. If others had access, make a new identity.");
        var length = RandomAccess.GetLength(file);
        if (length is 0 or > LargestLength) throw new KeyFileException($"'{path}' is no key file: it has {length} bytes.");
        var pem = new byte[length];
        try
        {
            var read = RandomAccess.Read(file, pem, 0);
            return import(pem.AsSpan(0, read));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    internal static void Write(string path, byte[] pem)
    {
        var unfinished = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(pem);
                file.Flush(flushToDisk: true);
            }
            try
            {
                File.Move(unfinished, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw new KeyFileException($"'{path}' exists already, and a key is never overwritten: its identity would be lost. Move it away first.");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
            File.Delete(unfinished);
        }
    }
}

/// <summary>A key file that must not be used as it is; the message names the cause and the mend, never a byte of the key.</summary>
public sealed class KeyFileException(string message) : IOException(message);
