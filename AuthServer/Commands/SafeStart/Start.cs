using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Edge;
using Microsoft.Extensions.Options;

namespace AuthServer.Commands.SafeStart;

/// <summary>Lets a start go on, or stops it with every reason at once.</summary>
internal static partial class Start
{
    /// <summary>Judges the settings before the folders read them, and hands what is unsafe but allowed to readiness.</summary>
    /// <exception cref="StartupException">The issuer is no address, so nothing else can be built on it.</exception>
    public static void AddSafeStart(this WebApplicationBuilder builder, string[] args)
    {
        var verdict = Verdict.On(Facts.Of(builder, args), builder.Environment.IsDevelopment());
        builder.Services.AddSingleton(verdict);
        builder.Services.Configure<Readiness>(readiness => readiness.Unsafe.AddRange(verdict.Flags));
        try
        {
            Issuer.From(builder.Configuration);
        }
        catch (StartupException issuer)
        {
            throw new StartupException(
                string.Join(Environment.NewLine, [.. verdict.Refusals, issuer.Message]),
                issuer
            );
        }
    }

    /// <summary>Checks all settings, those of the folders too. Nothing has been opened or changed by then.</summary>
    /// <exception cref="StartupException">A sentence per line.</exception>
    public static WebApplication RequireSafe(WebApplication app)
    {
        var verdict = app.Services.GetRequiredService<Verdict>();
        List<string> reasons = [.. verdict.Refusals, .. MistakesOf(app)];
        if (reasons.Count > 0)
        {
            Record(app, string.Join(' ', reasons));
            throw new StartupException(string.Join(Environment.NewLine, reasons));
        }

        return app;
    }

    /// <summary>Writes down what is unsafe but allowed, and what is merely worth a word.</summary>
    public static void Warn(WebApplication app)
    {
        foreach (var (flag, sentence) in app.Services.GetRequiredService<Verdict>().Allowed)
        {
            Log.Allowed(app.Logger, flag, sentence);
        }

        foreach (var warning in WarningsOf(app))
        {
            Log.Warned(app.Logger, warning);
        }
    }

    /// <summary>A sentence for each thing that a start lets pass, though it is hardly meant.</summary>
    public static IEnumerable<string> WarningsOf(WebApplication app) =>
        [
            .. app.Services.GetRequiredService<Verdict>().Warnings,
            .. UnknownSections.Of((IConfigurationRoot)app.Configuration),
            .. app
                .Services.GetServices<StrictSection>()
                .SelectMany(section => section.Strangers(app.Configuration)),
        ];

    private static void Record(WebApplication app, string reasons)
    {
        var at = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        EcsEvent.Of(AuditEvent.UnsafeStartRefused, at, reasons).WriteTo(app.Logger);
    }

    private static IEnumerable<string> MistakesOf(WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception exception) when (Commands.Refusal.Explain(exception) is { } sentences)
        {
            return [sentences];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Unsafe:{Flag} allows: {Sentence}")]
        public static partial void Allowed(ILogger logger, string flag, string sentence);

        [LoggerMessage(2, LogLevel.Warning, "{Warning}")]
        public static partial void Warned(ILogger logger, string warning);
    }
}
