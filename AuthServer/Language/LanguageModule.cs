using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Primitives;

namespace AuthServer.Language;

/// <summary>Owns the languages that pages and letters speak, and which of them a request is answered in.</summary>
internal static class LanguageModule
{
    // OpenID Connect Core §3.1.2.1: languages by preference, with spaces between.
    private const string UiLocales = "ui_locales";

    // A header or a parameter may list any number; nobody speaks more.
    private const int MostAsked = 5;

    public static void AddLanguage(this WebApplicationBuilder builder) =>
        builder.Services.Configure<RequestLocalizationOptions>(Configure);

    private static void Configure(RequestLocalizationOptions localization)
    {
        localization.SupportedUICultures = [.. Languages.All];
        // Numbers and dates of the protocol are nobody's language.
        localization.SupportedCultures = [CultureInfo.InvariantCulture];
        localization.DefaultRequestCulture = new RequestCulture(
            CultureInfo.InvariantCulture,
            Languages.All[0]
        );
        localization.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(http =>
                Choose(http.Request.Query[UiLocales].ToString().Split(' '))
            ),
            new CustomRequestCultureProvider(http =>
                Choose(LanguageCookie.Read(http) is { } one ? [one] : [])
            ),
            new AcceptLanguageHeaderRequestCultureProvider
            {
                MaximumAcceptLanguageHeaderValuesToTry = MostAsked,
            },
        ];
    }

    private static Task<ProviderCultureResult?> Choose(string[] names) =>
        Task.FromResult<ProviderCultureResult?>(
            names is [] or [""]
                ? null
                : new ProviderCultureResult(
                    [],
                    [.. names.Take(MostAsked).Select(name => new StringSegment(name))]
                )
        );
}
