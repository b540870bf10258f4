using System.Runtime.InteropServices;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Makes the names in a folder durable. The base library flushes files only, and a renamed file is not there for good before its folder is.</summary>
internal static class FolderFlush
{
    public static void ToDisk(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals names by itself
        var descriptor = Open([.. System.Text.Encoding.UTF8.GetBytes(folder), 0], 0);
        if (descriptor < 0) throw Failed(folder);
        try
        {
            if (FSync(descriptor) != 0) throw Failed(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"'{folder}' could not be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int descriptor);
}
