namespace DeepSeek.Federated.Protocol;

/// <summary>Bounds that both sides enforce before they allocate.</summary>
public static class WireLimits
{
    /// <summary>Largest control-plane message, in bytes.</summary>
    public const int MessageBytes = 4 * 1024 * 1024;

    /// <summary>Most leaves in one page.</summary>
    public const int LeavesPerPage = 256;

    /// <summary>Largest private part of a statement, in bytes.</summary>
    public const int PrivatePartBytes = 4096;

    /// <summary>Largest piece of a blob sent in one PUT, in bytes.</summary>
    public const int UploadPieceBytes = 8 * 1024 * 1024;
}
