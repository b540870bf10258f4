namespace DeepSeek.Federated.Protocol;

/// <summary>The version of the wire. A change that an older side would misread raises it.</summary>
public static class ProtocolVersion
{
    /// <summary>The newest version this software speaks.</summary>
    public const int Current = 1;

    /// <summary>The oldest version this software still speaks.</summary>
    public const int Oldest = 1;

    /// <summary>The highest version that both sides speak, or null where there is none.</summary>
    public static int? Negotiate(IEnumerable<int> theirs) =>
        theirs.Where(v => v is >= Oldest and <= Current).Select(v => (int?)v).Max();
}
