# The lost ring, with real processes: three servers, and Alice, Bob, Carol and Dave with what they say in demo/.
#
#   .\demo.ps1                plays the story with causal, then with eventual consistency; exit code 0: as expected
#   .\demo.ps1 -Interactive   starts the same cluster for typing
#
# For Windows PowerShell 5.1 and PowerShell 7. It starts, feeds and stops processes, and has no logic beyond that: what
# is checked stands in the scripts, as "expect".
param([switch] $Interactive, [int] $Port = 60001)

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$serverDll = 'src/CausalStore.Server/bin/Release/net10.0/CausalStore.Server.dll'
$clientDll = 'src/CausalStore.Client/bin/Release/net10.0/CausalStore.Client.dll'
$logs = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
$running = New-Object System.Collections.ArrayList
$onWindows = [IO.Path]::DirectorySeparatorChar -eq '\'

function Get-ServerArguments([int] $Id, [string] $Consistency) {
    $others = 1..3 | Where-Object { $_ -ne $Id } | ForEach-Object { $script:Port + $_ - 1 }
    @($serverDll, '--port', ($script:Port + $Id - 1), '--id', $Id, '--peers') + $others +
        @('--in-memory', '--consistency', $Consistency, '--allow-faults', '--relay-after', '0', '--narrate')
}

function Get-ClientArguments([int] $Id, [string] $Name) {
    @($clientDll, '--port', ($script:Port + $Id - 1), '--id', $Name)
}

function Start-Quiet([object[]] $Arguments, [string] $Log, [string] $InputFile) {
    $options = @{
        FilePath = 'dotnet'; ArgumentList = $Arguments; PassThru = $true; NoNewWindow = $true
        RedirectStandardOutput = "$logs/$Log.txt"; RedirectStandardError = "$logs/$Log.errors.txt"
    }
    if ($InputFile) { $options.RedirectStandardInput = $InputFile }
    $process = Start-Process @options
    $null = $process.Handle   # Without this, Windows PowerShell forgets the exit code.
    $null = $running.Add($process)
    $process
}

function Wait-ForText($Process, [string] $Log, [string] $Text) {
    while (-not (Select-String -Quiet -Path "$logs/$Log.txt" -Pattern $Text)) {
        if ($Process.HasExited) { throw (Get-Content -Raw "$logs/$Log.errors.txt") }
        Start-Sleep -Milliseconds 100
    }
}

function Stop-All {
    foreach ($process in $running) {
        if (-not $process.HasExited) { $process.Kill() }
        $process.WaitForExit()
    }
    $running.Clear()
}

function Invoke-Story([string] $Consistency) {
    Write-Host "`n== The lost ring, with $Consistency consistency =="

    foreach ($id in 1..3) {
        $server = Start-Quiet (Get-ServerArguments $id $Consistency) "server-$id"
        Wait-ForText $server "server-$id" 'listening on port'
    }

    $carol = Start-Quiet (Get-ClientArguments 3 'carol') 'carol' "demo/$Consistency/0-carol-watches.txt"
    Wait-ForText $carol 'carol' '^ok'

    foreach ($step in Get-Content "demo/$Consistency/steps.txt") {
        $id, $name, $script = $step -split ' '
        $file = "demo/$Consistency/$script"
        Write-Host ''
        Get-Content $file | Where-Object { $_ -match '^#' } | ForEach-Object { Write-Host $_.Substring(2) }
        $client = Start-Quiet ((Get-ClientArguments $id $name) + '--echo') 'step' $file
        $client.WaitForExit()
        Get-Content "$logs/step.txt", "$logs/step.errors.txt" | ForEach-Object { Write-Host "    $name@$id  $_" }
        if ($client.ExitCode -ne 0) { throw "$file did not go as expected" }
    }

    $carol.WaitForExit()
    if ($carol.ExitCode -ne 0) { throw 'Carol was not shown what the story says' }
    Write-Host "`nWhat Carol was shown at server 3, in this order:"
    Get-Content "$logs/carol.txt" | Where-Object { $_ -match '^update' } | ForEach-Object { Write-Host "    $_" }
    Stop-All
    $script:Port += 3
}

function Start-Interactive {
    $commands = @(1..3 | ForEach-Object { , (Get-ServerArguments $_ 'causal') })
    $commands += , (Get-ClientArguments 1 'alice')
    $commands += , (Get-ClientArguments 2 'bob')
    $commands += , (Get-ClientArguments 3 'carol')

    if (-not $onWindows) { Write-Host 'Open six terminals here and type:' }

    foreach ($arguments in $commands) {
        if ($onWindows) { $null = Start-Process dotnet -ArgumentList $arguments }
        else { Write-Host "    dotnet $arguments" }
    }
}

$null = New-Item -ItemType Directory $logs

try {
    Write-Host 'Building ...'
    foreach ($program in 'Server', 'Client') {
        dotnet build "src/CausalStore.$program" -c Release --nologo -v quiet
        if ($LASTEXITCODE -ne 0) { exit 1 }
    }

    if ($Interactive) {
        Start-Interactive
    }
    else {
        Invoke-Story 'causal'
        Invoke-Story 'eventual'
        Write-Host "`nAs expected: with causal consistency z waited for y; with eventual consistency it did not."
    }
}
finally {
    Stop-All
    Remove-Item -Recurse -Force $logs
}
