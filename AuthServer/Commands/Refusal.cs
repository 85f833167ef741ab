using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthServer.Commands;

/// <summary>
/// What stopped the program, for an operator: what a setting can cure is told in a sentence, anything else is a
/// defect and keeps its stack.
/// </summary>
internal static class Refusal
{
    /// <summary>One sentence per line; null for a defect.</summary>
    public static string? Explain(Exception exception) =>
        exception switch
        {
            StartupException startup => startup.Message,
            OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
            AggregateException several
                when several.InnerExceptions.Select(Explain).ToList() is var sentences => sentences.Contains(
                null
            )
                ? null
                : string.Join(Environment.NewLine, sentences),
            InvalidDataException { InnerException: { } cause } file => $"{file.Message} {Reason(cause)}",
            InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } value =>
                $"{value.Message.TrimEnd('.')}: correct this setting.",
            IOException { InnerException: AddressInUseException } address =>
                $"{address.Message.TrimEnd('.')}: stop the program that listens there, or set ASPNETCORE_URLS to another address.",
            _ => null,
        };

    private static string Reason(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is JsonException { LineNumber: { } line } json)
            {
                var problem = json.Message.Split(" LineNumber:", 2)[0];
                return $"It is not valid JSON in line {line + 1}: {problem}";
            }
        }

        return exception.Message;
    }
}
