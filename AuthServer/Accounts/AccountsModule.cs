using AuthServer.Accounts.External;
using AuthServer.Accounts.Profile;
using AuthServer.Accounts.Recovery;
using AuthServer.Data;
using AuthServer.Limits;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Owns the people who may sign in, and how they prove it. Knows nothing of the protocol.</summary>
internal static class AccountsModule
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<AccountsOptions>("Accounts");
        services
            .AddSection<PasswordsOptions>("Passwords")
            .Validate(options => options.IsKnownProfile, "Passwords:Profile must be 'Default' or 'Nist'.")
            .Validate(
                options => options.BcryptCost is >= 4 and <= 31,
                "Passwords:BcryptCost must be between 4 and 31; 12 is right for most machines."
            )
            .Validate(
                options => options.HashConcurrency is >= 1 and <= 256,
                "Passwords:HashConcurrency must be between 1 and 256; leave it out for one less than the machine has cores."
            );

        services
            .AddOptions<UsersOptions>()
            .Configure<IConfiguration>((users, configuration) => users.Read(configuration))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<UsersOptions>, UsersOptionsCheck>();

        AddIdentity(services);
        services.AddSingleton<AccountsMeter>();
        services.AddSingleton<PasswordGuess>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<TrustedDevice>();
        services.AddSingleton(Gate);
        services.AddSingleton<AccountRules>();
        services.AddSingleton<LinkTokens>();
        services.AddSingleton<AccountLinks>();
        services.AddScoped<LetterWriter>();
        services.AddScoped<AccountMail>();
        services.AddScoped<NewPassword>();
        services.AddScoped<SecurityChange>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<OwnAccount>();
        services.AddScoped<AddressChange>();
        services.AddScoped<PersonalData>();
        services.AddScoped<Registration>();
        services.AddScoped<PasswordSignIn>();
        services.AddSingleton(provider => new Lazy<AccountRules>(provider.GetRequiredService<AccountRules>));
        services.AddScoped(provider => new Lazy<Registration>(provider.GetRequiredService<Registration>));
        services.AddScoped<UserSeed>();

        services.Configure<CookieAuthenticationOptions>(SignIn.Scheme, UsePages);
        services.Configure<RazorPagesOptions>(pages =>
            pages.Conventions.AuthorizeFolder("/Accounts/Profile")
        );
        builder.AddExternal(); // sign-in with others
    }

    public static void MapAccounts(this WebApplication app) =>
        app.MapPost("/api/account/register", RegisterEndpoint.HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(RegisterEndpoint.MaxBody));

    private static HashGate Gate(IServiceProvider provider) =>
        new(
            provider.GetRequiredService<IOptions<PasswordsOptions>>().Value.HashConcurrency,
            provider.GetRequiredService<LimitsMeter>(),
            provider.GetRequiredService<TimeProvider>()
        );

    // Identity's users and tokens, but not its sign-in: that answers sooner for unknown accounts, and counts
    // parallel failures as one.
    private static void AddIdentity(IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<Account>, BcryptPasswordHasher>();
        services.AddSingleton<ILookupNormalizer, EmailNormalizer>();
        services.AddIdentityCore<Account>().AddEntityFrameworkStores<AuthDb>();

        // EmailAddress and the unique index decide; Identity's validator knows only ASCII and asks the database again.
        services.RemoveAll<IUserValidator<Account>>();
    }

    private static void UsePages(CookieAuthenticationOptions cookie)
    {
        cookie.LoginPath = "/account/login";
        cookie.LogoutPath = "/account/logout";
        cookie.ReturnUrlParameter = "returnUrl";
        // The pages redirect through ReturnUrl; the handler's own look at the parameter would come before it.
        cookie.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
    }
}
