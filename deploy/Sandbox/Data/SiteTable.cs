using System.Text.Json.Nodes;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Images;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>One site's rows on disk.</summary>
/// <param name="Site">The site's name in the federation.</param>
internal abstract record SiteTable(string Site)
{
    /// <summary>A CSV file with a header.</summary>
    public sealed record Csv(string Site, string Path) : SiteTable(Site);

    /// <summary>Images with their labels in IDX files.</summary>
    public sealed record Images(string Site, IdxPair Train, IdxPair Test) : SiteTable(Site);

    /// <summary>What reads them, here as at the site.</summary>
    public IDataConnector Connector => this switch
    {
        Csv csv       => new CsvConnector(csv.Path),
        Images images => new IdxConnector(images.Train, images.Test),
        _             => throw new InvalidOperationException("The family of tables is closed."),
    };

    /// <summary>The entry of the site's data.yaml.</summary>
    public JsonObject Entry(string dataset) => this switch
    {
        Csv csv       => new JsonObject { ["name"] = dataset, ["connector"] = "csv", ["path"] = csv.Path },
        Images images => new JsonObject { ["name"] = dataset, ["connector"] = "idx", ["train"] = Pair(images.Train), ["test"] = Pair(images.Test) },
        _             => throw new InvalidOperationException("The family of tables is closed."),
    };

    private static JsonObject Pair(IdxPair pair) => new() { ["images"] = pair.Images, ["labels"] = pair.Labels };
}
