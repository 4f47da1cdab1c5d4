using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Preferences;

/// <summary>The language that a person chose on the account page. A sign-in has it as a claim.</summary>
internal sealed class PersonLanguage(IDbContextFactory<ChatDbContext> databases, CommandLimit commands)
{
    /// <summary>Stores a choice.</summary>
    /// <param name="language">Null for the language of the browser.</param>
    /// <param name="cancellationToken">Ends the update.</param>
    /// <exception cref="RefusedException">The site does not speak it, or too many commands.</exception>
    public async Task ChooseAsync(ClaimsPrincipal person, string? language, CancellationToken cancellationToken)
    {
        if (language is not null && SiteLanguages.All.All(known => known.Name != language))
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("LanguageUnknown"));
        commands.Acquire(person);
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
            user => user.SetProperty(u => u.Language, language), cancellationToken);
    }
}
