using BlazorChat.Shell.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using MudBlazor;
using MudBlazor.Services;

namespace BlazorChat.Tests.Shell.Layout;

public sealed class DialogHostTests : BunitContext
{
    [Fact]
    public async Task The_provider_is_rendered_with_the_first_dialog_and_shows_all()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLocalization();
        Services.AddScoped<DialogsOnDemand>();
        Services.AddScoped<IDialogService>(provider => provider.GetRequiredService<DialogsOnDemand>());
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var host = Render<DialogHost>();
        var dialogs = Services.GetRequiredService<IDialogService>();
        Assert.Empty(host.FindComponents<MudDialogProvider>());

        var first = await host.InvokeAsync(() => dialogs.ShowAsync<Greeting>("First"));
        var second = await host.InvokeAsync(() => dialogs.ShowAsync<Greeting>("Second"));

        Assert.Single(host.FindComponents<MudDialogProvider>());
        Assert.Equal(2, host.FindComponents<Greeting>().Count);

        await host.InvokeAsync(() => second.Close(DialogResult.Ok("answer")));
        Assert.Equal("answer", (await second.Result)!.Data);
        await host.InvokeAsync(() => first.Close());
        await host.WaitForStateAsync(() => host.FindComponents<Greeting>().Count == 0);
    }

    private sealed class Greeting : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<MudDialog>(0);
            builder.AddAttribute(1, nameof(MudDialog.DialogContent), (RenderFragment)(content => content.AddContent(0, "Hello")));
            builder.CloseComponent();
        }
    }
}
