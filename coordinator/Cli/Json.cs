using System.CommandLine;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DeepSeek.Federated.Cli;

/// <summary>The `--json` of every command: the wire's own message in protobuf's JSON form (64-bit integers as strings), defaults written out.</summary>
internal static class Json
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithTypeRegistry(TypeRegistry.Empty));

    public static Option<bool> Option() => new("--json") { Description = "Print JSON, one object a line" };

    public static string Line(IMessage message) => Formatter.Format(message);
}
