using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthServer.Commands;

/// <summary>The verbs of the program. Exit code 0 done, 1 refused or failed with one line on stderr, 2 wrong usage.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Usage: AuthServer [verb] [--config file.json] [--urls http://…] [--Section:Key value]

          (none)     serve
          migrate    bring the database to this version and stop
          help       this text
        """;

    public static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> build)
    {
        var verb = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "serve";
        try
        {
            switch (verb)
            {
                case "serve":
                    await Serve.RunAsync(build(args));
                    return 0;
                case "migrate":
                    await Migrate.RunAsync(build(args[1..]));
                    return 0;
                case "help":
                    Console.WriteLine(Usage);
                    return 0;
                default:
                    await Console.Error.WriteLineAsync($"'{verb}' is not a verb of this program.\n{Usage}");
                    return 2;
            }
        }
        catch (Exception exception) when (Explain(exception) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    // What an operator can cure is told in a sentence; anything else is a defect and keeps its stack.
    private static string? Explain(Exception exception) =>
        exception switch
        {
            StartupException startup => startup.Message,
            OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
            InvalidDataException { InnerException: { } json } file => $"{file.Message} {Position(json)}",
            IOException { InnerException: AddressInUseException } address =>
                $"{address.Message.TrimEnd('.')}: stop the program that listens there, or set ASPNETCORE_URLS to another address.",
            _ => null,
        };

    private static string Position(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is JsonException)
            {
                return $"It is not valid JSON: {cause.Message}";
            }
        }

        return exception.Message;
    }
}
