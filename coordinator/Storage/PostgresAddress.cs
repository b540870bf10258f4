using System.Data.Common;
using System.Net;
using Npgsql;

namespace DeepSeek.Federated.Storage;

/// <summary>A checked connection string. It holds a password: what prints is server and database only.</summary>
public sealed class PostgresAddress
{
    /// <summary>What a connection string has to look like.</summary>
    public const string Form = "Host=db.example.org;Port=5432;Database=federation;Username=coordinator;Password=...";

    private static readonly string[] SslWords = ["sslmode", "ssl mode"];

    private PostgresAddress(NpgsqlConnectionStringBuilder checkedParts) => Parts = checkedParts;

    internal string ConnectionString => Parts.ConnectionString;

    private NpgsqlConnectionStringBuilder Parts { get; }

    /// <summary>Reads <c>Host=…;Database=…;Username=…;Password=…</c>. A server elsewhere must show a certificate for its name unless <c>SSL Mode</c> says
    /// otherwise; a question waits 15 s for its answer and a connection 5 s, unless <c>Command Timeout</c> and <c>Timeout</c> do.</summary>
    /// <exception cref="FormatException">It is none, or a part is missing. The message repeats nothing of it.</exception>
    public static PostgresAddress Parse(string text)
    {
        var (given, parts) = Read(text);
        string[] missing = [.. new[] { ("Host", parts.Host), ("Database", parts.Database), ("Username", parts.Username) }
            .Where(part => string.IsNullOrWhiteSpace(part.Item2)).Select(part => part.Item1)];
        if (missing.Length > 0) throw new FormatException($"The connection string names no {string.Join(" and no ", missing)}. It has to look like {Form}");
        if (!SslWords.Any(given.ContainsKey) && !IsHere(parts.Host!)) parts.SslMode = SslMode.VerifyFull;
        if (!given.ContainsKey("timeout")) parts.Timeout = 5;
        if (!given.ContainsKey("command timeout")) parts.CommandTimeout = 15;
        parts.ApplicationName ??= "coordinator";
        parts.PersistSecurityInfo = parts.IncludeErrorDetail = parts.LogParameters = false;
        parts.Enlist = false;
        return new PostgresAddress(parts);
    }

    /// <summary>Server and database, without user and password.</summary>
    public override string ToString() => $"{Parts.Host}:{Parts.Port}/{Parts.Database}";

    private static (DbConnectionStringBuilder Given, NpgsqlConnectionStringBuilder Parts) Read(string text)
    {
        try
        {
            return (new DbConnectionStringBuilder { ConnectionString = text }, new NpgsqlConnectionStringBuilder(text));
        }
        catch (Exception broken) when (broken is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            // Not the library's own words: a password with a ';' in it is a keyword to it, and it repeats keywords.
            throw new FormatException($"This is no connection string for PostgreSQL. It has to look like {Form} (a value with ';' in it stands in double quotes)");
        }
    }

    private static bool IsHere(string host) => host.StartsWith('/') || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
