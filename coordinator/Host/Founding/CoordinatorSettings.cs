using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>What <c>coordinator.json</c> says, checked.</summary>
/// <param name="Name">The federation's name: origin of its checkpoints, first part of every certificate's URI.</param>
/// <param name="Hosts">Names and addresses that agents dial; the server certificate is for them.</param>
/// <param name="Port">TCP port; 0 takes a free one.</param>
/// <param name="SiteCertificate">How long a site's certificate lasts; 1 minute to 90 days.</param>
/// <param name="OperatorCertificate">How long an operator's certificate lasts; 1 minute to 730 days.</param>
/// <param name="Database">Which database holds the ledger.</param>
internal sealed record CoordinatorSettings(
    string Name, ImmutableArray<string> Hosts, int Port, TimeSpan SiteCertificate, TimeSpan OperatorCertificate, DatabaseChoice Database)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static CoordinatorSettings Of(string name, ImmutableArray<string> hosts, int port) =>
        Check(new Form { Name = name, Hosts = [.. hosts], Port = port }, "the command line");

    /// <exception cref="SettingsException">Not such a file; every fault is named at once.</exception>
    public static CoordinatorSettings Read(string path)
    {
        try
        {
            return Check(JsonSerializer.Deserialize<Form>(File.ReadAllText(path), Json) ?? new Form(), path);
        }
        catch (JsonException broken)
        {
            throw new SettingsException($"{path} is no settings file: {broken.Message}");
        }
    }

    public void Write(string path) =>
        OwnerFile.Write(path, JsonSerializer.Serialize(
            new Form
            {
                Name = Name, Hosts = [.. Hosts], Port = Port,
                SiteCertificate = Durations.Text(SiteCertificate), OperatorCertificate = Durations.Text(OperatorCertificate),
                Database = Database.Word, ConnectionStringFile = (Database as DatabaseChoice.Postgres)?.ConnectionStringFile,
            }, Json) + "\n");

    private static CoordinatorSettings Check(Form form, string from)
    {
        var faults = new List<string>();
        if (!Slug.Is(form.Name)) faults.Add($"name: '{form.Name}' is not a federation's name: {Slug.Rule}");
        if (form.Hosts is not { Count: > 0 }) faults.Add("hosts: at least one name or address that agents can dial is needed");
        foreach (var host in form.Hosts ?? [])
            if (Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic) faults.Add($"hosts: '{host}' is neither a DNS name nor an address");
        if (form.Port is < 0 or > 65535) faults.Add($"port: {form.Port} is not within 0 to 65535");
        var site = Lifetime(form.SiteCertificate, "siteCertificate", TimeSpan.FromDays(90), faults);
        var admin = Lifetime(form.OperatorCertificate, "operatorCertificate", TimeSpan.FromDays(730), faults);
        if (DatabaseChoice.Read(form.Database, form.ConnectionStringFile) is not { } database) faults.Add($"database: {DatabaseChoice.Rule}");
        else if (faults.Count == 0) return new CoordinatorSettings(form.Name!, [.. form.Hosts!], form.Port, site, admin, database);
        throw new SettingsException($"{from} is faulty: {string.Join("; ", faults)}.");
    }

    private static TimeSpan Lifetime(string text, string name, TimeSpan longest, List<string> faults)
    {
        if (!Durations.TryParse(text, out var life) || life < TimeSpan.FromMinutes(1) || life > longest)
            faults.Add($"{name}: '{text}' is not a duration within 1m to {Durations.Text(longest)}");
        return life;
    }

    private sealed record Form
    {
        public string? Name { get; init; }
        public List<string>? Hosts { get; init; }
        public int Port { get; init; } = 7443;
        public string SiteCertificate { get; init; } = "30d";
        public string OperatorCertificate { get; init; } = "365d";
        public string Database { get; init; } = DatabaseChoice.SqliteWord;
        public string? ConnectionStringFile { get; init; }
    }
}

/// <summary>The settings cannot be used; the message names every fault.</summary>
internal sealed class SettingsException(string message) : Exception(message);
