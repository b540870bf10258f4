namespace DeepSeek.Federated.Storage.Registry;

/// <summary>A site as the last fact about it left it.</summary>
internal sealed class SiteRow
{
    public required string Name { get; init; }
    public required DateTimeOffset InvitedAt { get; set; }
    public string? Identity { get; set; }
    public DateTimeOffset? EnrolledAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public string? RevokedBecause { get; set; }
}
