using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Accounts.Profile;

/// <summary>Everything that we know of the person, as a JSON file.</summary>
[FreshSignIn]
internal sealed class ExportModel(PersonalData data) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        var accountId = Data.SignIn.From(User)!.AccountId;
        return await data.GatherAsync(accountId, cancellation) is { } file
            ? File(file, MediaTypeNames.Application.Json, "my-data.json")
            : Challenge();
    }
}
