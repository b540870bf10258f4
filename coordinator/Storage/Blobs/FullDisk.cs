namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Recognises the one failure of a disk that waiting can mend.</summary>
internal static class FullDisk
{
    private const int Enospc = 28;               // Linux and macOS
    private const int EdquotLinux = 122;
    private const int EdquotMac = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool Is(IOException broken) => OperatingSystem.IsWindows()
        ? broken.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : broken.HResult is Enospc || broken.HResult == (OperatingSystem.IsMacOS() ? EdquotMac : EdquotLinux);
}
